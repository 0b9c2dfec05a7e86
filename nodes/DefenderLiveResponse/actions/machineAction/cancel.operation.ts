import { updateDisplayOptions, type IDataObject, type INodeProperties } from 'n8n-workflow';

import { machineActionLocator } from '../../descriptions/machineAction';
import { optionsCollection } from '../../descriptions/options';
import { simplify } from '../../descriptions/simplify';
import { actionState, type MachineAction } from '../../domain/machineAction';
import { simpleMachineAction } from '../../domain/simplify';
import type { Connection } from '../../transport/connection';
import { apiError } from '../../transport/errors';
import { cancelIfPossible } from '../../api/liveResponses';
import { getMachineAction } from '../../api/machineActions';
import { assertMachineActionId } from '../../results/commandResult';
import { locatorParameter, textParameter, type ItemContext, type Operation } from '../operation';

const DEFAULT_COMMENT = 'Cancelled by an n8n workflow';

const comment: INodeProperties = {
	displayName: 'Comment',
	name: 'comment',
	type: 'string',
	default: DEFAULT_COMMENT,
	description: 'Why it is cancelled, for the action center of the Defender portal',
};

export const description: Operation['description'] = updateDisplayOptions(
	{ show: { resource: ['machineAction'], operation: ['cancel'] } },
	[
		{ ...machineActionLocator, description: 'The machine action to cancel' },
		comment,
		simplify,
		optionsCollection([]),
	],
);

/** https://learn.microsoft.com/en-us/defender-endpoint/api/cancel-machine-action */
export async function execute(context: ItemContext) {
	const connection = await context.connection();
	const id = assertMachineActionId(connection, locatorParameter(context, 'machineActionId'));
	const reason = textParameter(context, 'comment') || DEFAULT_COMMENT;
	const action = await cancel(connection, id, reason);
	const isSimple = context.functions.getNodeParameter('simplify', context.itemIndex, true) === true;
	return [{ json: (isSimple ? simpleMachineAction(action) : action) as unknown as IDataObject }];
}

/** One that is cancelled already, by whomever, is as it was asked to be. */
async function cancel(connection: Connection, id: string, reason: string): Promise<MachineAction> {
	const outcome = await cancelIfPossible(connection, id, reason);
	if (outcome.kind === 'accepted') return outcome.action;
	const action = await getMachineAction(connection, id);
	if (action.status === 'Cancelled' || isBeingCancelled(action)) return action;
	throw apiError(connection.functions.getNode(), '400', tooLate(action));
}

/** The status follows the request a little later. */
function isBeingCancelled(action: MachineAction): boolean {
	return action.status === 'Pending' && Boolean(action.cancellationDateTimeUtc);
}

const NOTHING_TO_CANCEL = "Its results can be read with the resource 'Result'.";

function tooLate({ status }: MachineAction): { message: string; description: string } {
	switch (actionState(status)) {
		case 'running':
			return status === 'Pending'
				? {
						message: 'Defender did not cancel the machine action',
						description:
							'It is still Pending. The device may be taking it up at this moment: read it again in a minute.',
					}
				: {
						message: 'The device is already at work on this machine action',
						description:
							"Only a machine action that is still Pending can be cancelled. A script ends after 10 minutes at the latest; the operation 'Wait' waits for that.",
					};
		case 'succeeded':
			return {
				message: 'The machine action has already succeeded',
				description: NOTHING_TO_CANCEL,
			};
		case 'failed':
			return {
				message: 'The machine action has already ended as Failed',
				description: NOTHING_TO_CANCEL,
			};
		case 'timedOut':
			return {
				message: 'The machine action has already ended as TimeOut',
				description: 'The device did not take it up in time, so nothing was run.',
			};
		case 'cancelled':
			return { message: 'The machine action is already cancelled', description: '' };
	}
}
