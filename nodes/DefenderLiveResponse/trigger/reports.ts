/** What a poll could not do, said where somebody sees it. */
import type { IPollFunctions } from 'n8n-workflow';

import { hasUnknownScript, isWanted, type ActionFilter } from '../domain/actionFilter';
import { isFinished, type MachineAction } from '../domain/machineAction';
import { MOST_UNFINISHED, type Memory } from '../domain/pollMemory';
import { nodeError } from '../inputs/nodeErrors';

/** Live responses that may end without starting the workflow, as a failed execution. */
export function reportLosses(
	functions: IPollFunctions,
	{ vanished, crowdedOut }: { vanished: number; crowdedOut: number },
): void {
	if (vanished > 0) {
		functions.__emitError(
			nodeError(functions.getNode(), 'noResult', {
				message: `Defender no longer lists ${vanished} unfinished live response(s)`,
				description:
					'They will not start the workflow. Look for them in the action center of the Defender portal.',
			}),
		);
	}
	if (crowdedOut > 0) {
		functions.__emitError(
			nodeError(functions.getNode(), 'noResult', {
				message: `${crowdedOut} unfinished live response(s) are too many to remember`,
				description: `The newest ${MOST_UNFINISHED} are remembered. An older one that ends between two polls may not start the workflow: 'Get Many' of the resource 'Machine Action' lists it. Let the trigger poll more often, or narrow it with the filter 'Device'.`,
			}),
		);
	}
}

/** Whether it ran the wanted script cannot be told: it does not start the workflow. */
export function reportUnclear(
	functions: Pick<IPollFunctions, 'logger'>,
	memory: Memory | null,
	seen: readonly MachineAction[],
	filter: ActionFilter,
): void {
	if (memory === null || filter.scriptNames.length === 0) return;
	const otherwise = { ...filter, scriptNames: [] };
	for (const action of seen) {
		if (!isFinished(action) || Object.hasOwn(memory.handled, action.id)) continue;
		if (hasUnknownScript(action) && isWanted(action, otherwise)) {
			functions.logger.warn(
				`Live response ${action.id} has ended and does not say which script it ran; it was left out because of the filter 'Script'`,
			);
		}
	}
}
