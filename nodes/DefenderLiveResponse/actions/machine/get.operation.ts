import { updateDisplayOptions, type IDataObject } from 'n8n-workflow';

import { machineLocator } from '../../descriptions/machine';
import { optionsCollection } from '../../descriptions/options';
import { simplify } from '../../descriptions/simplify';
import { simpleMachine } from '../../domain/simplify';
import { findMachine } from '../../api/machines';
import { machineParameter } from '../../inputs/machineParameter';
import type { ItemContext, Operation } from '../operation';

export const description: Operation['description'] = updateDisplayOptions(
	{ show: { resource: ['machine'], operation: ['get'] } },
	[{ ...machineLocator, description: 'The device to read' }, simplify, optionsCollection([])],
);

/** https://learn.microsoft.com/en-us/defender-endpoint/api/get-machine-by-id */
export async function execute(context: ItemContext) {
	const connection = await context.connection();
	const machine = await findMachine(connection, machineParameter(context));
	const isSimple = context.functions.getNodeParameter('simplify', context.itemIndex, true) === true;
	return [{ json: (isSimple ? simpleMachine(machine) : machine) as unknown as IDataObject }];
}
