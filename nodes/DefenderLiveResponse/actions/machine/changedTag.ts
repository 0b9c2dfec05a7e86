/** What adding and removing a tag have in common: all but their words. */
import { changeTag, type TagChange } from '../../api/machineTags';
import { machineIdOf } from '../../api/machines';
import { machineLocator, tagField } from '../../descriptions/machine';
import { optionsCollection } from '../../descriptions/options';
import { simplify } from '../../descriptions/response';
import { simpleMachine } from '../../domain/simplify';
import { machineParameter } from '../../inputs/machineParameter';
import { isSimple, simplified } from '../../inputs/simplified';
import { tagOf } from '../../inputs/tag';
import type { ItemContext } from '../../transport/itemContext';
import type { Operation } from '../operation';

export const tagFields: Operation['fields'] = [
	machineLocator,
	tagField,
	simplify,
	optionsCollection(),
];

/** https://learn.microsoft.com/en-us/defender-endpoint/api/add-or-remove-machine-tags */
export async function changedMachine(context: ItemContext, action: TagChange['action']) {
	const reference = machineParameter(context);
	const tag = tagOf(context);
	const simple = isSimple(context);
	const connection = await context.connection();
	const machineId = await machineIdOf(connection, reference);
	const machine = await changeTag(connection, machineId, { tag, action });
	return [simplified(simple, machine, simpleMachine)];
}
