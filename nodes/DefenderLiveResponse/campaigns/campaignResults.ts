/** The results of a campaign: of each device that has answered, or whose script began and failed. */
import type { INodeExecutionData } from 'n8n-workflow';

import { attemptOutcome } from '../domain/campaignAttempt';
import { commandsInOrder, type MachineAction } from '../domain/machineAction';
import type { NodeContext } from '../inputs/nodeContext';
import type { ResultOptions } from '../results/resultItems';
import { allCommandItems, outcomeItem, withoutCommands } from '../results/commandItems';
import { unfetchedReason } from '../results/unfetched';
import type { Connection } from '../transport/connection';
import { sideBySide } from '../transport/sideBySide';

/** One action for each device, those that ended first in front. */
export function answersAmong(
	attempts: readonly MachineAction[],
	{ endedAfter, limit }: { endedAfter: number; limit: number },
): MachineAction[] {
	const answers = new Map<string, MachineAction>();
	for (const action of attempts) {
		const outcome = attemptOutcome(action);
		if (outcome !== 'done' && outcome !== 'failed') continue;
		const machineId = action.machineId?.toLowerCase() ?? action.id;
		const known = answers.get(machineId);
		if (!known || (outcome === 'done' && attemptOutcome(known) === 'failed')) {
			answers.set(machineId, action);
		}
	}
	return [...answers.values()]
		.filter((action) => endOf(action) >= endedAfter)
		.sort((a, b) => endOf(a) - endOf(b))
		.slice(0, limit);
}

const endOf = ({ lastUpdateDateTimeUtc }: MachineAction): number =>
	Date.parse(lastUpdateDateTimeUtc) || 0;

/** Open downloads. */
const RESULTS_AT_ONCE = 20;

/** A result that cannot be fetched costs its item only, which says why. */
export async function resultsOf(
	context: NodeContext,
	connection: Connection,
	answers: readonly MachineAction[],
	options: ResultOptions,
): Promise<INodeExecutionData[]> {
	const items = new Array<INodeExecutionData[]>(answers.length);
	let failed = 0;
	const goesOn = () => !connection.signal?.aborted;
	await sideBySide(answers, RESULTS_AT_ONCE, goesOn, async (answer, at) => {
		items[at] = await allCommandItems(context, connection, answer, options).catch(
			(error: unknown) => {
				const reason = unfetchedReason(error);
				if (reason === null || !goesOn()) throw error;
				if (++failed === answers.length) throw error;
				const commands = commandsInOrder(answer);
				if (commands.length === 0) return [withoutCommands(answer, reason)];
				return commands.map((command) => outcomeItem(answer, command, reason));
			},
		);
	});
	return items.flat();
}
