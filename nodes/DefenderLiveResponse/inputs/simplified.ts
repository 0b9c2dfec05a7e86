import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { MachineAction } from '../domain/machineAction';
import { simpleMachineAction } from '../domain/simplify';
import type { NodeContext } from './nodeContext';
import { booleanParameter } from './parameters';

/** What the API returned as an item: its short form, or all of it with 'Simplify' off. */
export function simplified<Entity extends object>(
	context: NodeContext,
	entity: Entity,
	short: (entity: Entity) => object,
): INodeExecutionData {
	const isSimple = booleanParameter(context, 'simplify', true);
	return { json: (isSimple ? short(entity) : entity) as IDataObject };
}

/** The same of a machine action, with further fields in either form. */
export function simplifiedAction(
	context: NodeContext,
	action: MachineAction,
	more: IDataObject = {},
): INodeExecutionData {
	return simplified(context, { ...action.sent, ...more }, () => simpleMachineAction(action));
}
