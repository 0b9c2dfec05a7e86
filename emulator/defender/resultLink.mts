import { jsonAnswer, type Answer } from '../http/answer.mts';
import type { MissingResult } from '../openFacts.mts';
import { isFinal, type ActionRecord } from '../tenant/machineAction.mts';
import { apiError } from './apiError.mts';
import { contextOf, type ApiContext } from './route.mts';

/** The answer to the link call for a command of an action that the API shows. */
export async function resultLink(
	{ clock, results, settings }: ApiContext,
	action: ActionRecord,
	index: number,
): Promise<Answer> {
	const command = action.commands[index];
	const isThere = isFinal(action.status) && action.linksVisibleAt <= clock.now();
	if (command?.result === undefined || !isThere) {
		const message = `There is no result of command ${index} of action ${action.id}.`;
		return settings.missingResult[reason(action, index)] === 'notFound'
			? apiError(404, 'ResourceNotFound', message)
			: apiError(400, 'InvalidInput', message);
	}
	await command.result.ready;
	return jsonAnswer(200, {
		'@odata.context': contextOf('Edm.String'),
		value: results.link(command.result, settings.linkLifetimeSeconds),
	});
}

function reason({ commands }: ActionRecord, index: number): keyof MissingResult {
	const command = commands[index];
	if (command === undefined) return 'wrongIndex';
	if (command.request.type === 'PutFile') return 'putFile';
	return command.status === 'Failed' ? 'failedScript' : 'running';
}
