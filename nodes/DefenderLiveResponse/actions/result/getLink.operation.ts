import { commandIndex, machineActionLocator } from '../../descriptions/machineAction';
import { optionsCollection } from '../../descriptions/options';
import { findResultLink } from '../../results/commandResult';
import { machineActionParameter } from '../../inputs/machineActionParameter';
import type { ItemContext } from '../../transport/itemContext';
import type { Operation } from '../operation';
import { commandIndexOf } from '../../inputs/resultParameters';

export const entry: Operation['entry'] = {
	name: 'Get Link',
	action: 'Get live response result link',
	description:
		'Get a link to the result file. The link is a secret: it works for 30 minutes without signing in, and is stored with the execution.',
};

export const fields: Operation['fields'] = [
	machineActionLocator,
	commandIndex,
	optionsCollection(),
];

/** https://learn.microsoft.com/en-us/defender-endpoint/api/get-live-response-result */
export async function execute(context: ItemContext) {
	const machineActionId = machineActionParameter(context);
	const index = commandIndexOf(context);
	const connection = await context.connection();
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
