/** A machine action on one device that is no live response: its item is as Machine Action > Get gives it. */
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { startMachineAction } from '../api/actionStart';
import { waitForAction } from '../descriptions/deviceAction';
import type { ActionType } from '../descriptions/machineActionFilters';
import type { ActionPermission } from '../domain/capabilities';
import type { MachineAction } from '../domain/machineAction';
import { simpleMachineAction } from '../domain/simplify';
import { booleanOf } from '../inputs/boolean';
import type { ItemContext } from '../transport/itemContext';
import { runOnDevice, type DeviceAction } from './runOnDevice';

/** One kind of them, as Microsoft's page of it says. */
export interface DeviceActionCall {
	/** As lists of machine actions name it. */
	type: ActionType;
	/** Last segment of the path below the device. */
	name: string;
	/** What is asked for beside the comment. */
	body?: IDataObject;
	/** Application permission. */
	permission: ActionPermission;
	/** What the role of a signed-in user has to allow in the Defender portal. */
	role?: string;
	/**
	 * Whether an action of this type that is under way does what is asked for; every one does without
	 * it. It is given what the API sent.
	 */
	isSame?(sent: MachineAction['sent']): boolean;
}

/** For what comes in a Full and a lesser form; an action that does not say which does. */
export const isOfScope =
	(wanted: string): NonNullable<DeviceActionCall['isSame']> =>
	({ scope }) =>
		typeof scope !== 'string' || scope.toLowerCase() === wanted.toLowerCase();

const REMEDIATION = "'Active remediation actions'";

/** @param differs what differs from most actions: whether it waits, what comes of one that has ended */
export async function runDeviceAction(
	context: ItemContext,
	{ type, name, body = {}, permission, role = REMEDIATION, isSame = () => true }: DeviceActionCall,
	differs: Partial<Pick<DeviceAction, 'waits' | 'results'>> = {},
): Promise<INodeExecutionData[]> {
	return await runOnDevice(context, {
		type,
		request: [type, body],
		permission,
		joins: (running) => running.type === type && isSame(running.sent),
		waits: booleanOf(context, waitForAction),
		start: async (connection, machineId, comment) =>
			await startMachineAction(connection, machineId, {
				name,
				body,
				comment,
				permissions: [permission],
				role,
				lane: 'call',
			}),
		unfinished: (action) => ({ ...simpleMachineAction(action) }),
		results: async (_connection, action) =>
			await Promise.resolve([{ json: { ...simpleMachineAction(action) } }]),
		...differs,
	});
}
