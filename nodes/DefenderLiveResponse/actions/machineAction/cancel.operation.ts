import { cancellationComment, machineActionLocator } from '../../descriptions/machineAction';
import { optionsCollection } from '../../descriptions/options';
import { simplify } from '../../descriptions/response';
import { actionState, hasBegun, type MachineAction } from '../../domain/machineAction';
import type { Connection } from '../../transport/connection';
import { cancelAndRead } from '../../api/machineActions';
import { apiError, type ErrorText } from '../../inputs/nodeErrors';
import { textOf } from '../../inputs/text';
import { isSimple, simplifiedAction } from '../../inputs/simplified';
import { machineActionParameter } from '../../inputs/machineActionParameter';
import { PACKAGE_ACTION } from '../../results/packageLink';
import type { ItemContext } from '../../transport/itemContext';
import type { Operation } from '../operation';

export const entry: Operation['entry'] = {
	name: 'Cancel',
	action: 'Cancel machine action',
	description: 'Cancel a machine action that the device has not picked up yet',
};

export const fields: Operation['fields'] = [
	{ ...machineActionLocator, description: 'The machine action to cancel' },
	cancellationComment,
	simplify,
	optionsCollection(),
];

/** https://learn.microsoft.com/en-us/defender-endpoint/api/cancel-machine-action */
export async function execute(context: ItemContext) {
	const id = machineActionParameter(context);
	const reason = textOf(context, cancellationComment);
	const simple = isSimple(context);
	const action = await cancel(await context.connection(), id, reason);
	return [simplifiedAction(simple, action)];
}

/** One that is cancelled already, by whomever, is as it was asked to be. */
async function cancel(connection: Connection, id: string, reason: string): Promise<MachineAction> {
	const { action, cancelRequested } = await cancelAndRead(connection, id, reason);
	if (cancelRequested) return action;
	throw apiError(connection.functions.getNode(), '400', 'notAllowed', tooLate(action), {
		machineActionId: action.id,
	});
}

/** What Cancel says beside the message: what an action leaves behind differs by its type. */
interface NextStep {
	whileRunning: string;
	ended: string;
	timedOut: string;
}

const READ_RESULTS = "Its results can be read with the resource 'Result'.";

const OF_LIVE_RESPONSES: NextStep = {
	whileRunning:
		"A script ends after 10 minutes at the latest; the operation 'Wait' waits for that.",
	ended: READ_RESULTS,
	timedOut: 'The device did not pick it up in time, so nothing was run.',
};

const OF_BEGUN_LIVE_RESPONSES: NextStep = {
	...OF_LIVE_RESPONSES,
	timedOut: `It had begun on the device and may still run there; a script ends after 10 minutes at the latest. ${READ_RESULTS}`,
};

const OF_DEVICE_ACTIONS: NextStep = {
	whileRunning: "The operation 'Wait' waits for its end.",
	ended:
		"It can no longer be cancelled. What can be undone has an operation of its own in the resource 'Device', such as 'Release' for 'Isolate'.",
	timedOut:
		'Whether the device has done it is not known. Look at the device in the Defender portal.',
};

const OF_PACKAGES: NextStep = {
	...OF_DEVICE_ACTIONS,
	ended: "If it has succeeded, 'Download' of the resource 'Result' gives its package.",
};

function nextStep({ type, commands }: MachineAction): NextStep {
	if (type === PACKAGE_ACTION) return OF_PACKAGES;
	if (type !== 'LiveResponse') return OF_DEVICE_ACTIONS;
	return commands.some(hasBegun) ? OF_BEGUN_LIVE_RESPONSES : OF_LIVE_RESPONSES;
}

function tooLate(action: MachineAction): ErrorText {
	const { whileRunning, ended, timedOut } = nextStep(action);
	switch (actionState(action.status)) {
		case 'running':
			return action.status === 'Pending'
				? {
						message: 'Defender did not cancel the machine action',
						description:
							'It is still Pending. The device may be picking it up at this moment: read it again in a minute.',
					}
				: {
						message: 'The device is already working on this machine action',
						description: `Only a machine action that is still Pending can be cancelled. ${whileRunning}`,
					};
		case 'succeeded':
			return { message: 'The machine action has already succeeded', description: ended };
		case 'failed':
			return { message: 'The machine action has already ended as Failed', description: ended };
		case 'timedOut':
			return { message: 'The machine action has already ended as TimeOut', description: timedOut };
		case 'cancelled':
			return { message: 'The machine action is already cancelled', description: '' };
	}
}
