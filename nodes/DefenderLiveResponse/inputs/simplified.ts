import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { simplify } from '../descriptions/response';
import type { MachineAction } from '../domain/machineAction';
import { simpleMachineAction } from '../domain/simplify';
import { booleanOf } from './boolean';
import type { NodeContext } from './nodeContext';

/** Whether items are short. Read before any call, as every field. */
export const isSimple = (context: NodeContext): boolean => booleanOf(context, simplify);

/** What the API returned as an item: its short form, or all of it with 'Simplify' off. */
export function simplified<Entity extends object>(
	simple: boolean,
	entity: Entity,
	short: (entity: Entity) => object,
): INodeExecutionData {
	return { json: (simple ? short(entity) : entity) as IDataObject };
}

/** The same of a machine action, with further fields in either form. */
export function simplifiedAction(
	simple: boolean,
	action: MachineAction,
	more: IDataObject = {},
): INodeExecutionData {
	return simplified(simple, { ...action.sent, ...more }, () => simpleMachineAction(action));
}
