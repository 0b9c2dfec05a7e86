import { changeTag } from '../../api/machineTags';
import { machineIdOf } from '../../api/machines';
import { machineLocator } from '../../descriptions/machine';
import { optionsCollection } from '../../descriptions/options';
import { simplify } from '../../descriptions/response';
import { tagField } from '../../descriptions/tag';
import { simpleMachine } from '../../domain/simplify';
import { machineParameter } from '../../inputs/machineParameter';
import { isSimple, simplified } from '../../inputs/simplified';
import { tagOf } from '../../inputs/tag';
import type { ItemContext } from '../../transport/itemContext';
import type { Operation } from '../operation';

export const entry: Operation['entry'] = {
	name: 'Remove Tag',
	action: 'Remove tag from device',
	description: 'Remove a tag from a device',
};

export const fields: Operation['fields'] = [
	machineLocator,
	tagField,
	simplify,
	optionsCollection(),
];

export const isKeptFromAgents = true;

/** https://learn.microsoft.com/en-us/defender-endpoint/api/add-or-remove-machine-tags */
export async function execute(context: ItemContext) {
	const reference = machineParameter(context);
	const tag = tagOf(context);
	const simple = isSimple(context);
	const connection = await context.connection();
	const machineId = await machineIdOf(connection, reference);
	const machine = await changeTag(connection, machineId, { tag, action: 'Remove' });
	return [simplified(simple, machine, simpleMachine)];
}
