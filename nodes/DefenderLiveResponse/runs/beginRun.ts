/** A run that this process knows nothing of: looked for where that is needed, then started. */
import { refusalError } from '../transport/errors';
import type { MachineAction } from '../domain/machineAction';
import type { ItemInputs } from '../inputs/nodeContext';
import type { Connection } from '../transport/connection';
import { whenBusy } from './busyDevice';
import { inTurn } from './deviceTurns';
import { digest } from './digest';
import { lookForOwn, lookOnce, lookThroughLag, LAG_S } from './earlierRuns';
import { wasStarted, type RunOutcome, type StartedRun } from './runRegistry';
import { canceledError, notListedError } from './startErrors';
import { noteStart, renewNote, settleNote, type Note } from './startNotes';
import type { WantedRun } from './wantedRun';

/** @param name of the run in this process */
export async function beginRun(
	context: ItemInputs,
	connection: Connection,
	wanted: WantedRun,
	name: string,
): Promise<RunOutcome> {
	try {
		const run = await earlierRun(context, connection, wanted, name);
		return run ? { kind: 'started', run } : await start(context, connection, wanted);
	} catch (error) {
		return { kind: 'notStarted', error };
	}
}

/** What comes of a start whose answer was somebody else's action: one's own may be running as well. */
export async function afterForeignAnswer(
	context: ItemInputs,
	connection: Connection,
	wanted: WantedRun,
	foreign: { action: MachineAction; startedAt: number },
): Promise<RunOutcome> {
	try {
		return await start(context, connection, wanted, foreign);
	} catch (error) {
		return { kind: 'notStarted', error };
	}
}

const LOOKED_HINT = `Looked for up to ${LAG_S} s for what n8n was about to start before, so that nothing runs twice`;

async function earlierRun(
	context: ItemInputs,
	connection: Connection,
	wanted: WantedRun,
	name: string,
): Promise<StartedRun | null> {
	const { functions } = context;
	const { clock, signal } = connection;
	const note = noteOf(connection, wanted);
	const until = clock.now() + wanted.patience.maxWaitMs;
	const noted = await noteStart(functions, clock, note);
	const isLagging = noted === 'lately' || (noted === 'unknown' && wanted.isRetry);
	const mayBeOlder =
		noted !== 'never' || wanted.isRetry || wanted.marker.key !== '' || wasStarted(name);
	if (!mayBeOlder) return null;

	const listed = await lookOnce(context, connection, wanted);
	if (listed || !isLagging) {
		settleNote(clock, note);
		return listed;
	}
	context.hint(LOOKED_HINT);
	const lag = clock.now() + LAG_S * 1000;
	const found = await lookThroughLag(context, connection, wanted, until);
	if (!found && signal?.aborted) throw canceledError(context);
	if (!found && until < lag) throw notListedError(context);
	settleNote(clock, note);
	return found;
}

/** An idempotency key belongs to no node run, and is looked for in any case. */
function noteOf({ app }: Connection, { machineId, marker, isOfAnyExecution }: WantedRun): Note {
	const { workflow, lineage, node, round, item, fingerprint, key } = marker;
	if (key !== '') {
		const names = [app.tenantId, machineId].map((id) => id.toLowerCase());
		return { run: digest([...names, key]), nodeRun: null };
	}
	const nodeRun = [workflow, lineage, node, round];
	return {
		run: digest([...nodeRun, item, fingerprint]),
		nodeRun: { name: digest(nodeRun), node: digest([workflow, node]), isOfAnyExecution },
	};
}

async function start(
	context: ItemInputs,
	connection: Connection,
	wanted: WantedRun,
	answered?: { action: MachineAction; startedAt: number },
): Promise<RunOutcome> {
	const { functions } = context;
	const { clock } = connection;
	const { kind, machineId, comment } = wanted;
	let foreign = answered;
	let deadline: number | undefined;
	for (;;) {
		if (foreign) {
			const own = await lookForOwn(context, connection, wanted, foreign.startedAt);
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
					await renewNote(functions, clock, noteOf(connection, wanted));
					return { kind: 'started', run: { action: outcome.action, attached: false, comment } };
				case 'refused':
					throw refusalError(functions.getNode(), outcome.call, outcome.refusal);
				case 'unsure': {
					const own = await lookForOwn(context, connection, wanted, startedAt);
					return own ? { kind: 'started', run: own } : { kind: 'unsure', start: outcome };
				}
				case 'foreign':
					foreign = { action: outcome.action, startedAt };
					continue;
				case 'busy':
					break;
			}
		}
		// Counted from here: what the item waited for its turn is none of it.
		deadline ??= clock.now() + wanted.patience.maxWaitMs;
		const run = await whenBusy(context, connection, wanted, {
			...(foreign ? { foreign: foreign.action } : {}),
			deadline,
		});
		if (run) return { kind: 'started', run };
		foreign = undefined;
	}
}
