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
import type { ItemInputs } from '../inputs/nodeContext';
import type { Connection } from '../transport/connection';
import { afterForeignAnswer, beginRun } from './beginRun';
import { lookForStarted, LOST_S } from './earlierRuns';
import { keyedRun } from './keyedRun';
import { nodeCallOf } from './nodeCall';
import { forgetRun, knownRun, rememberRun, type RunOutcome, type StartedRun } from './runRegistry';
import { canceledError, keyReusedError, unsureError } from './startErrors';
import { unlessStopped } from './unlessStopped';
import { wantedRun, type RunRequest, type WantedRun } from './wantedRun';

export async function startOnce(
	context: ItemInputs,
	connection: Connection,
	request: RunRequest,
): Promise<StartedRun> {
	const wanted = await wantedRun(context, connection, request);
	const own = nameOfOwn(context, wanted);
	const shared = nameOfShared(connection, wanted);
	// Another try of this call comes back to its run, however that ended.
	if (shared === null || knownRun(own, connection.clock.wallTime())) {
		return await runNamed(own, context, connection, wanted);
	}
	const run = await runNamed(shared, context, connection, wanted);
	remember(own, connection, wanted, Promise.resolve({ kind: 'started', run }));
	return run;
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
export async function startedOtherwise(
	context: ItemInputs,
	connection: Connection,
	request: RunRequest,
	{ action }: StartedRun,
): Promise<StartedRun> {
	const wanted = await wantedRun(context, connection, request);
	const own = nameOfOwn(context, wanted);
	const name = nameOfShared(connection, wanted) ?? own;
	for (;;) {
		const now = connection.clock.wallTime();
		const known = knownRun(name, now);
		if (known) {
			const outcome = await unlessStopped(known.outcome, connection.signal);
			if (!outcome) throw canceledError(context);
			if (knownRun(name, now) !== known) continue;
			const isThis = outcome.kind === 'started' && outcome.run.action.id === action.id;
			if (!isThis) return await runNamed(name, context, connection, wanted);
		}
		const foreign = { action, startedAt: known?.since ?? now };
		const outcome = afterForeignAnswer(context, connection, wanted, foreign);
		remember(own, connection, wanted, outcome);
		remember(name, connection, wanted, outcome);
		return settled(context, await outcome);
	}
}

/** Of the tries of one call. */
const nameOfOwn = (context: ItemInputs, { marker }: WantedRun) =>
	JSON.stringify([nodeCallOf(context.functions).name, context.itemIndex, marker.fingerprint]);

/** Of whoever gives the same key; null without one. */
function nameOfShared(
	{ app, endpoints }: Connection,
	{ machineId, marker }: WantedRun,
): string | null {
	if (marker.key === '') return null;
	const place = [endpoints.apiUrl, app.tenantId, app.clientId, machineId];
	return JSON.stringify([...place.map((part) => part.toLowerCase()), marker.key]);
}

function remember(
	name: string,
	{ clock }: Connection,
	{ marker: { fingerprint } }: WantedRun,
	outcome: Promise<RunOutcome>,
) {
	rememberRun(name, { outcome, fingerprint, since: clock.wallTime() });
}

/** The run of this name: that of whoever asked first, or one that this item begins. */
async function runNamed(
	name: string,
	context: ItemInputs,
	connection: Connection,
	wanted: WantedRun,
): Promise<StartedRun> {
	for (;;) {
		const known = knownRun(name, connection.clock.wallTime());
		if (!known) {
			const outcome = beginRun(context, connection, wanted, name);
			remember(name, connection, wanted, outcome);
			return settled(context, await outcome);
		}
		const outcome = await unlessStopped(known.outcome, connection.signal);
		if (!outcome) throw canceledError(context);
		switch (outcome.kind) {
			case 'notStarted':
				// It has left; what kept another from starting it need not keep this one.
				forgetRun(name, known);
				break;
			case 'unsure': {
				if (knownRun(name, connection.clock.wallTime()) !== known) break;
				const again = lookForStarted(context, connection, wanted, known.since).then(
					(run): RunOutcome => (run ? { kind: 'started', run } : outcome),
				);
				rememberRun(name, { ...known, outcome: again });
				return settled(context, await again);
			}
			case 'started': {
				if (name === nameOfOwn(context, wanted)) return outcome.run;
				const hasSameCommands = known.fingerprint === wanted.marker.fingerprint;
				const run = await sharedRun(context, connection, outcome.run, hasSameCommands);
				if (run) return run;
				forgetRun(name, known);
			}
		}
	}
}

function settled(context: ItemInputs, outcome: RunOutcome): StartedRun {
	switch (outcome.kind) {
		case 'started':
			return outcome.run;
		case 'unsure':
			throw unsureError(context, outcome.start, LOST_S);
		case 'notStarted':
			throw outcome.error;
	}
}

/** Another's run with the same key, as it is now; null when it is one to start anew. */
async function sharedRun(
	context: ItemInputs,
	connection: Connection,
	run: StartedRun,
	hasSameCommands: boolean,
): Promise<StartedRun | null> {
	const { id } = run.action;
	// One that cannot be read, as none can that is too new, goes on for all that is known.
	const action = await getMachineAction(connection, id).catch(() => run.action);
	const found = keyedRun(action, hasSameCommands);
	switch (found.kind) {
		case 'shared':
			return { ...run, action, attached: true };
		case 'reused':
			throw keyReusedError(context, action);
		case 'none':
			return null;
	}
}
