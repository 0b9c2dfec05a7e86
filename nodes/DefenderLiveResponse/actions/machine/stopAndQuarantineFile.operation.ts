import type { INodeProperties } from 'n8n-workflow';

import { deviceActionFields } from '../../descriptions/deviceAction';
import { isSha1 } from '../../domain/identifiers';
import { isRecord } from '../../domain/record';
import { fieldError } from '../../inputs/rejection';
import { textOf } from '../../inputs/text';
import { runDeviceAction } from '../../runs/runDeviceAction';
import type { ItemContext } from '../../transport/itemContext';
import type { Operation } from '../operation';

const sha1: INodeProperties = {
	displayName: 'SHA-1',
	name: 'sha1',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. 87662bc3d60e4200ceaf7aae249d1c343f4b83c9',
	description: 'The SHA-1 hash of the file. Defender does not touch files signed by Microsoft.',
};

export const entry: Operation['entry'] = {
	name: 'Stop and Quarantine File',
	action: 'Stop and quarantine file on device',
	description: 'Stop the processes of a file on a device and quarantine the file',
};

export const fields: Operation['fields'] = deviceActionFields([sha1]);

export const itemsAtOnce = 'all';

export const isKeptFromAgents = true;

/** https://learn.microsoft.com/en-us/defender-endpoint/api/stop-and-quarantine-file */
export async function execute(context: ItemContext) {
	const wanted = sha1Of(context);
	return await runDeviceAction(context, {
		type: 'StopAndQuarantineFile',
		name: 'StopAndQuarantineFile',
		body: { Sha1: wanted },
		permission: 'Machine.StopAndQuarantine',
		isSame: ({ relatedFileInfo: file }) =>
			isRecord(file) && String(file.fileIdentifier).toLowerCase() === wanted,
	});
}

function sha1Of(context: ItemContext): string {
	const text = textOf(context, sha1).toLowerCase();
	if (isSha1(text)) return text;
	throw fieldError(context, "'SHA-1' is not the SHA-1 hash of a file", {
		description:
			'It has 40 hexadecimal digits. In alerts, look for sha1; a SHA-256 does not work here.',
	});
}
