import { outputFileField } from '../../descriptions/liveResponse';
import { deviceActionFields, waitForAction } from '../../descriptions/deviceAction';
import { fileNameOption, maxFileSizeOption } from '../../descriptions/options';
import { LARGEST_FETCHED_FILE_MB } from '../../domain/fileSize';
import { outputFieldOf } from '../../inputs/binaryField';
import { booleanOf } from '../../inputs/boolean';
import { inOptions } from '../../inputs/field';
import { maxBytesOf } from '../../inputs/resultParameters';
import { textOf } from '../../inputs/text';
import { endedPackageItem } from '../../results/packageItem';
import { PACKAGE_ACTION, PACKAGE_ROLE } from '../../results/packageLink';
import { runDeviceAction } from '../../runs/runDeviceAction';
import type { ItemContext } from '../../transport/itemContext';
import type { Operation } from '../operation';

const waitForPackage = {
	...waitForAction,
	default: true,
	description:
		'Whether to wait for the package and return it as a file. Otherwise, only the machine action is returned.',
};

export const entry: Operation['entry'] = {
	name: 'Collect Investigation Package',
	action: 'Collect investigation package from device',
	description: 'Collect logs, processes, connections and more from a device as a zip file',
};

export const fields: Operation['fields'] = deviceActionFields([outputFileField], {
	waits: waitForPackage,
	options: [fileNameOption, maxFileSizeOption(LARGEST_FETCHED_FILE_MB)],
});

export const itemsAtOnce = 'all';

export const isKeptFromAgents = true;

/** https://learn.microsoft.com/en-us/defender-endpoint/api/collect-investigation-package */
export async function execute(context: ItemContext) {
	const options = {
		binaryPropertyName: outputFieldOf(context),
		fileName: textOf(context, inOptions(fileNameOption)),
		maxBytes: maxBytesOf(context, LARGEST_FETCHED_FILE_MB),
	};
	return await runDeviceAction(
		context,
		{
			type: PACKAGE_ACTION,
			name: 'collectInvestigationPackage',
			permission: 'Machine.CollectForensics',
			role: PACKAGE_ROLE,
		},
		{
			waits: booleanOf(context, waitForPackage),
			results: async (connection, action) => [
				await endedPackageItem(context, connection, action, options),
			],
		},
	);
}
