/** The results of a campaign: of each device that has answered, or whose script began and failed. */
import type { INodeExecutionData } from 'n8n-workflow';

import { attemptOutcome } from '../domain/campaignAttempt';
import { commandsInOrder, type MachineAction } from '../domain/machineAction';
import type { NodeContext } from '../inputs/nodeContext';
import type { ResultOptions } from '../results/resultItems';
import { allCommandItems, outcomeItem } from '../results/commandItems';
import { unfetchedReason } from '../results/unfetched';
import type { Connection } from '../transport/connection';

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
	let next = 0;
	let failed = 0;
	const worker = async () => {
		while (next < answers.length && !connection.signal?.aborted) {
			const at = next++;
			items[at] = await allCommandItems(context, connection, answers[at], options).catch(
				(error: unknown) => {
					const reason = unfetchedReason(error);
					if (reason === null || connection.signal?.aborted) throw error;
					if (++failed === answers.length) throw error;
					return commandsInOrder(answers[at]).map((command) =>
						outcomeItem(answers[at], command, reason),
					);
				},
			);
		}
	};
	await Promise.all(Array.from({ length: Math.min(RESULTS_AT_ONCE, answers.length) }, worker));
	return items.flat();
}
