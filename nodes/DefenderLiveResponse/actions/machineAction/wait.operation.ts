import { maxWaitOption, pollIntervalOption } from '../../descriptions/liveResponse';
import { machineActionLocator } from '../../descriptions/machineAction';
import { optionsCollection } from '../../descriptions/options';
import { simplify } from '../../descriptions/response';
import { isFinished } from '../../domain/machineAction';
import { readMachineAction } from '../../api/actionReads';
import { watchOf } from '../../api/actionWatch';
import { isSimple, simplifiedAction } from '../../inputs/simplified';
import { machineActionParameter } from '../../inputs/machineActionParameter';
import type { ItemContext } from '../../transport/itemContext';
import type { Operation } from '../operation';
import { patienceOf } from '../../inputs/patience';

export const entry: Operation['entry'] = {
	name: 'Wait',
	action: 'Wait for machine action',
	description: 'Wait until a machine action has ended',
};

export const fields: Operation['fields'] = [
	{ ...machineActionLocator, description: 'The machine action to wait for' },
	simplify,
	optionsCollection([maxWaitOption, pollIntervalOption]),
];

export const itemsAtOnce = 'all';

/** https://learn.microsoft.com/en-us/defender-endpoint/api/get-machineactions-collection */
export async function execute(context: ItemContext) {
	const id = machineActionParameter(context);
	const patience = patienceOf(context);
	const simple = isSimple(context);
	const connection = await context.connection();
	const seen = await readMachineAction(connection, id);
	const { action } = await watchOf(connection).until(seen, patience);
	return [simplifiedAction(simple, action, { finished: isFinished(action) })];
}
