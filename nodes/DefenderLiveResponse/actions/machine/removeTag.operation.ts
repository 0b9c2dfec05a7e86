import type { ItemContext } from '../../transport/itemContext';
import type { Operation } from '../operation';
import { changedMachine, tagFields } from './changedTag';

export const entry: Operation['entry'] = {
	name: 'Remove Tag',
	action: 'Remove tag from device',
	description: 'Remove a tag from a device',
};

export const fields = tagFields;

export const isKeptFromAgents = true;

export async function execute(context: ItemContext) {
	return await changedMachine(context, 'Remove');
}
