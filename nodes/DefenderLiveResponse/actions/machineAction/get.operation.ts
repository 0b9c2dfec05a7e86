import { updateDisplayOptions, type IDataObject } from 'n8n-workflow';

import { machineActionLocator } from '../../descriptions/machineAction';
import { optionsCollection } from '../../descriptions/options';
import { simplify } from '../../descriptions/simplify';
import { simpleMachineAction } from '../../domain/simplify';
import { getMachineAction } from '../../api/machineActions';
import { assertMachineActionId } from '../../results/commandResult';
import { locatorParameter, type ItemContext, type Operation } from '../operation';

export const description: Operation['description'] = updateDisplayOptions(
	{ show: { resource: ['machineAction'], operation: ['get'] } },
	[
		{ ...machineActionLocator, description: 'The machine action to read' },
		simplify,
		optionsCollection([]),
	],
);

/** https://learn.microsoft.com/en-us/defender-endpoint/api/get-machineaction-object */
export async function execute(context: ItemContext) {
	const connection = await context.connection();
	const id = assertMachineActionId(connection, locatorParameter(context, 'machineActionId'));
	const action = await getMachineAction(connection, id);
	const isSimple = context.functions.getNodeParameter('simplify', context.itemIndex, true) === true;
	return [{ json: (isSimple ? simpleMachineAction(action) : action) as unknown as IDataObject }];
}
