import type { ItemContext } from '../../transport/itemContext';
import type { Operation } from '../operation';
import { changedMachine, tagFields } from './changedTag';

export const entry: Operation['entry'] = {
	name: 'Add Tag',
	action: 'Add tag to device',
	description: 'Add a tag to a device',
};

export const fields = tagFields;

export const isKeptFromAgents = true;

export async function execute(context: ItemContext) {
	return await changedMachine(context, 'Add');
}
