import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { actionState, type MachineAction } from '../domain/machineAction';
import { actionReason } from '../domain/reason';
import { simpleMachineAction } from '../domain/simplify';
import { aboutAction } from '../inputs/nodeErrors';
import type { NodeContext } from '../inputs/nodeContext';
import type { Connection } from '../transport/connection';
import { fetchFile } from './fetchedFile';
import { findPackageLink, requestPackageLink } from './packageLink';
import type { FileOptions } from './storedFile';

export type PackageOptions = Omit<FileOptions, 'decompress'>;

/** A machine action with its package, as it came. Throws, with the reason, when there is none. */
export async function packageItem(
	context: NodeContext,
	connection: Connection,
	action: MachineAction,
	options: PackageOptions,
): Promise<INodeExecutionData> {
	const source = {
		link: await findPackageLink(connection, action),
		requestLink: async () => await requestPackageLink(connection, action.id),
		devicePath: null,
		fallbackName: `investigation_package_${action.id}.zip`,
	};
	const { fields, binary } = await aboutAction(
		context.functions.getNode(),
		action.id,
		fetchFile(context, connection, source, { ...options, decompress: false }),
	);
	return {
		json: { ...actionFields(action), ...fields },
		binary: { [options.binaryPropertyName]: binary },
	};
}

/** The same of an action that has ended in whatever way: what failed has a reason in place of a package. */
export async function endedPackageItem(
	context: NodeContext,
	connection: Connection,
	action: MachineAction,
	options: PackageOptions,
): Promise<INodeExecutionData> {
	if (actionState(action.status) === 'succeeded') {
		return await packageItem(context, connection, action, options);
	}
	return { json: { ...actionFields(action), reason: actionReason(action) } };
}

const actionFields = (action: MachineAction): IDataObject => ({ ...simpleMachineAction(action) });
