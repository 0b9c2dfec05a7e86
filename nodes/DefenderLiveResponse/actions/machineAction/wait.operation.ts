import { updateDisplayOptions, type IDataObject } from 'n8n-workflow';

import { maxWaitOption, pollIntervalOption } from '../../descriptions/liveResponse';
import { machineActionLocator } from '../../descriptions/machineAction';
import { optionsCollection } from '../../descriptions/options';
import { simplify } from '../../descriptions/simplify';
import { isFinished } from '../../domain/machineAction';
import { simpleMachineAction } from '../../domain/simplify';
import { readMachineAction } from '../../api/actionReads';
import { watchOf } from '../../api/actionWatch';
import { assertMachineActionId } from '../../results/commandResult';
import { locatorParameter, type ItemContext, type Operation } from '../operation';
import { waitTiming } from '../../runs/waitTiming';

export const description: Operation['description'] = updateDisplayOptions(
	{ show: { resource: ['machineAction'], operation: ['wait'] } },
	[
		{ ...machineActionLocator, description: 'The machine action to wait for' },
		simplify,
		optionsCollection([maxWaitOption, pollIntervalOption]),
	],
);

export const itemsAtOnce = 'all';

/** https://learn.microsoft.com/en-us/defender-endpoint/api/get-machineactions-collection */
export async function execute(context: ItemContext) {
	const connection = await context.connection();
	const id = assertMachineActionId(connection, locatorParameter(context, 'machineActionId'));
	const seen = await readMachineAction(connection, id);
	const { action } = await watchOf(connection).until(seen, waitTiming(context, connection));
	const isSimple = context.functions.getNodeParameter('simplify', context.itemIndex, true) === true;
	const json = isSimple ? simpleMachineAction(action) : { ...action, finished: isFinished(action) };
	return [{ json: json as unknown as IDataObject }];
}
