/**
 * Starts a machine action, and never twice: not after Retry On Fail, a lost answer, a 5xx, a crash of
 * n8n, or an alert that fires twice. Three memories know what was started, each what the one before
 * it cannot: this process (`runRegistry.ts`), n8n's database for the minutes in which Defender does
 * not list a new action (`startNotes.ts`), and the marker in the action's comment.
 *
 * After a lost answer the node looks, and does not start again even when it finds nothing: lists
 * lag, and the device's own lock is gone as soon as a script has ended. A script that removes or
 * isolates something must not run twice on a guess, so a person decides, or the workflow does.
 */
import { getMachineAction } from '../api/machineActions';
import type { MachineAction } from '../domain/machineAction';
import { mayBeStartedWith } from '../domain/marker';
import { beginRun, type ForeignAnswer } from './beginRun';
import { LOST_MS, lookForLost } from './earlierRuns';
import { keyRule } from './listedRun';
import { nodeCallOf } from './nodeCall';
import {
	forgetRun,
	knownRun,
	rememberRun,
	type Entry,
	type RunOutcome,
	type StartedRun,
} from './runRegistry';
import { canceledError, keyReusedError, unsureError } from './startErrors';
import { unlessStopped } from '../transport/onStop';
import type { WantedRun } from './wantedRun';

export async function startOnce(run: WantedRun): Promise<StartedRun> {
	// Another try of this call comes back to its run, however that ended.
	const { started } = nodeCallOf(run.context.functions);
	return started.get(ownName(run)) ?? (await sharedOrBegun(run));
}

/**
 * Whether a reading shows that somebody else started the action: the service answered a start with one
 * that was under way.
 */
export const isAnothers = ({ comment }: StartedRun, reading: MachineAction): boolean =>
	comment !== null && !mayBeStartedWith(comment, reading.requestorComment);

/**
 * The run to go on with in place of one whose action is somebody else's. Where several share it by
 * their key, the first to see that looks for it and starts it, and the others share that.
 */
export async function startedOtherwise(run: WantedRun, action: MachineAction): Promise<StartedRun> {
	for (;;) {
		const known = knownRun(nameOf(run), run.connection.clock);
		const outcome = known && (await outcomeOf(known, run));
		if (knownRun(nameOf(run), run.connection.clock) !== known) continue;
		const isReplaced =
			outcome && !(outcome.kind === 'started' && outcome.run.action.id === action.id);
		if (isReplaced) return await sharedOrBegun(run);
		return await begun(run, { action, startedAt: known?.since ?? run.createdSince });
	}
}

/** The run that has this name: that of whoever asked first, or one that this item begins. */
async function sharedOrBegun(run: WantedRun): Promise<StartedRun> {
	for (;;) {
		const known = knownRun(nameOf(run), run.connection.clock);
		if (!known) return await begun(run);
		const outcome = await outcomeOf(known, run);
		switch (outcome.kind) {
			case 'notStarted':
				// What kept another from starting it need not keep this one.
				forgetRun(nameOf(run), known);
				break;
			case 'unsure': {
				if (knownRun(nameOf(run), run.connection.clock) !== known) break;
				const again = lookForLost(run, known.since).then((found): RunOutcome =>
					found ? { kind: 'started', run: found } : outcome,
				);
				return await settled(run, { ...known, outcome: again });
			}
			case 'started': {
				const found = await sharedRun(run, known, outcome.run);
				if (found) return kept(run, found);
				forgetRun(nameOf(run), known);
			}
		}
	}
}

async function begun(run: WantedRun, foreign?: ForeignAnswer): Promise<StartedRun> {
	const outcome = beginRun(run, foreign);
	const since = run.connection.clock.wallTime();
	return await settled(run, { outcome, fingerprint: run.marker.fingerprint, since });
}

async function settled(run: WantedRun, entry: Entry): Promise<StartedRun> {
	rememberRun(nameOf(run), entry, run.connection.clock);
	const outcome = await entry.outcome;
	switch (outcome.kind) {
		case 'started':
			return kept(run, outcome.run);
		case 'unsure':
			if (run.connection.signal?.aborted) throw canceledError(run.context);
			throw unsureError(run.context, outcome.start, LOST_MS / 1000);
		case 'notStarted':
			throw outcome.error;
	}
}

function kept(run: WantedRun, started: StartedRun): StartedRun {
	nodeCallOf(run.context.functions).started.set(ownName(run), started);
	return started;
}

async function outcomeOf({ outcome }: Entry, { context, connection }: WantedRun) {
	const found = await unlessStopped(outcome, connection.signal);
	if (!found) throw canceledError(context);
	return found;
}

/** Another's run with the same key, as it is now; null when it is one to start anew. */
async function sharedRun(
	{ context, connection, marker }: WantedRun,
	known: Entry,
	run: StartedRun,
): Promise<StartedRun | null> {
	if (marker.key === '') return run;
	// One that cannot be read, as none can that is too new, goes on for all that is known.
	const action = await getMachineAction(connection, run.action.id).catch(() => run.action);
	const rule = keyRule(action, known.fingerprint === marker.fingerprint);
	switch (rule) {
		case 'shared':
			return { ...run, action, attached: true };
		case 'reused':
			throw keyReusedError(context, action);
		case 'none':
			return null;
	}
}

/** Of the tries of one call. */
const ownName = ({ context: { functions, itemIndex }, marker }: WantedRun) =>
	JSON.stringify([nodeCallOf(functions).name, itemIndex, marker.fingerprint]);

/** Of the tries of one call, or of whoever gives the same key. */
function nameOf(run: WantedRun): string {
	const { app, endpoints } = run.connection;
	if (run.marker.key === '') return ownName(run);
	// One tenant can be reached by the addresses of several regions.
	const place = [endpoints.loginUrl, app.tenantId, app.clientId, run.machineId];
	return JSON.stringify([...place.map((part) => part.toLowerCase()), run.marker.key]);
}
