import { machineActionLocator } from '../../descriptions/machineAction';
import { optionsCollection } from '../../descriptions/options';
import { simplify } from '../../descriptions/response';
import { getMachineAction } from '../../api/machineActions';
import { isSimple, simplifiedAction } from '../../inputs/simplified';
import { machineActionParameter } from '../../inputs/machineActionParameter';
import type { ItemContext } from '../../transport/itemContext';
import type { Operation } from '../operation';

export const entry: Operation['entry'] = {
	name: 'Get',
	action: 'Get machine action',
	description: 'Get the status of a machine action and its commands',
};

export const fields: Operation['fields'] = [
	{ ...machineActionLocator, description: 'The machine action to read' },
	simplify,
	optionsCollection(),
];

/** https://learn.microsoft.com/en-us/defender-endpoint/api/get-machineaction-object */
export async function execute(context: ItemContext) {
	const id = machineActionParameter(context);
	const simple = isSimple(context);
	const action = await getMachineAction(await context.connection(), id);
	return [simplifiedAction(simple, action)];
}
