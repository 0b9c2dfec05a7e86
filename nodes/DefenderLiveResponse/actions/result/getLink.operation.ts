import { updateDisplayOptions } from 'n8n-workflow';

import { commandIndex, machineActionLocator } from '../../descriptions/machineAction';
import { optionsCollection } from '../../descriptions/options';
import { assertMachineActionId, findResultLink } from '../../results/commandResult';
import { type ItemContext, type Operation } from '../operation';
import { commandIndexOf, machineActionIdOf } from '../../inputs/resultParameters';

export const description: Operation['description'] = updateDisplayOptions(
	{ show: { resource: ['result'], operation: ['getLink'] } },
	[machineActionLocator, commandIndex, optionsCollection([])],
);

/** https://learn.microsoft.com/en-us/defender-endpoint/api/get-live-response-result */
export async function execute(context: ItemContext) {
	const connection = await context.connection();
	const machineActionId = assertMachineActionId(connection, machineActionIdOf(context));
	const index = commandIndexOf(context);
	const link = await findResultLink(connection, machineActionId, index);
	return [
		{
			json: {
				machineActionId,
				commandIndex: index,
				link: link.href,
				expiresAt: link.expiresAt,
			},
		},
	];
}
