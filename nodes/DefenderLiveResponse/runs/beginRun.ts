/** A run that this process knows nothing of: looked for where that is needed, then started. */
import { LIST_LAG_MS } from '../domain/actionTimes';
import type { MachineAction } from '../domain/machineAction';
import { refusalError } from '../transport/errors';
import { whenBusy } from './busyDevice';
import { inTurn } from './deviceTurns';
import { lookForLost, lookOnce, lookThroughLag } from './earlierRuns';
import type { RunOutcome, StartedRun } from './runRegistry';
import { canceledError, notListedError } from './startErrors';
import { noteAgain, noteStart, renewNote, settleNote, withdrawNote } from './startNotes';
import type { WantedRun } from './wantedRun';

/** A start was answered with somebody else's action: one's own may be running as well. */
export interface ForeignAnswer {
	action: MachineAction;
	/** By the system's clock, in milliseconds. */
	startedAt: number;
}

export async function beginRun(run: WantedRun, foreign?: ForeignAnswer): Promise<RunOutcome> {
	try {
		const earlier = foreign ? null : await earlierRun(run);
		return earlier ? { kind: 'started', run: earlier } : await start(run, foreign);
	} catch (error) {
		withdrawNote(run);
		return { kind: 'notStarted', error };
	}
}

const LOOKED_HINT = `Looked for up to ${LIST_LAG_MS / 1000} s for what n8n was about to start before, so that nothing runs twice`;

async function earlierRun(run: WantedRun): Promise<StartedRun | null> {
	const { connection, marker, isRetry } = run;
	const until = connection.clock.now() + run.patience.maxWaitMs;
	let { noted, at } = await noteStart(run);
	if (noted === 'never' && !isRetry && marker.key === '') return null;

	for (let looks = 1; ; looks++) {
		const isLate = noted === 'lately' || (noted === 'unknown' && isRetry);
		const found = await lookedFor(run, isLate ? at + LIST_LAG_MS : -Infinity, until);
		if (found || !isLate) {
			settleNote(run, 'never');
			return found;
		}
		({ noted, at } = await noteAgain(run, looks));
		if (noted === 'never') return null;
	}
}

/** @param listedBy clock time in milliseconds by which it is listed, if somebody started it */
async function lookedFor(
	run: WantedRun,
	listedBy: number,
	until: number,
): Promise<StartedRun | null> {
	const { context, connection } = run;
	const { clock, signal } = connection;
	if (clock.now() >= listedBy) return await lookOnce(run, listedBy);
	const atOnce = await lookOnce(run, -Infinity);
	if (atOnce) return atOnce;
	context.hint(LOOKED_HINT);
	const found = await lookThroughLag(run, Math.min(listedBy, until));
	if (!found && signal?.aborted) throw canceledError(context);
	if (!found && until < listedBy) throw notListedError(context);
	return found;
}

async function start(run: WantedRun, answered?: ForeignAnswer): Promise<RunOutcome> {
	const { connection, kind, machineId, comment } = run;
	const { clock } = connection;
	let foreign = answered;
	let deadline: number | undefined;
	for (;;) {
		if (foreign) {
			const own = await lookForLost(run, foreign.startedAt);
			if (own) return { kind: 'started', run: own };
		} else {
			const startedAt = clock.wallTime();
			const outcome = await inTurn(
				connection,
				machineId,
				async () => await kind.start(connection, machineId, comment),
			);
			switch (outcome.kind) {
				case 'started':
					await renewNote(run);
					return { kind: 'started', run: { action: outcome.action, attached: false, comment } };
				case 'refused':
					throw refusalError(run.context.functions.getNode(), outcome.call, outcome.refusal);
				case 'unsure': {
					const own = await lookForLost(run, startedAt);
					if (own) return { kind: 'started', run: own };
					settleNote(run, 'before');
					return { kind: 'unsure', start: outcome };
				}
				case 'foreign':
					foreign = { action: outcome.action, startedAt };
					continue;
				case 'busy':
					break;
			}
		}
		// Counted from here: what the item waited for its turn is none of it.
		deadline ??= clock.now() + run.patience.maxWaitMs;
		const other = await whenBusy(run, deadline, foreign?.action);
		if (other) return { kind: 'started', run: other };
		foreign = undefined;
	}
}
