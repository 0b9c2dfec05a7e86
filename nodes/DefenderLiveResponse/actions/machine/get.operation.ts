import { machineLocator } from '../../descriptions/machine';
import { optionsCollection } from '../../descriptions/options';
import { simplify } from '../../descriptions/response';
import { simpleMachine } from '../../domain/simplify';
import { findMachine } from '../../api/machines';
import { machineParameter } from '../../inputs/machineParameter';
import { isSimple, simplified } from '../../inputs/simplified';
import type { ItemContext } from '../../transport/itemContext';
import type { Operation } from '../operation';

export const entry: Operation['entry'] = {
	name: 'Get',
	action: 'Get device',
	description: 'Get a device by its name or ID',
};

export const fields: Operation['fields'] = [
	{ ...machineLocator, description: 'The device to read' },
	simplify,
	optionsCollection(),
];

/** https://learn.microsoft.com/en-us/defender-endpoint/api/get-machine-by-id */
export async function execute(context: ItemContext) {
	const reference = machineParameter(context);
	const simple = isSimple(context);
	const machine = await findMachine(await context.connection(), reference);
	return [simplified(simple, machine, simpleMachine)];
}
