/**
 * The runs of this process, by what names them. The tries of one call share its run, and whoever
 * gives the same idempotency key does, also while the run is being started. A run leaves as soon as
 * lists must have it: from then on it is recognised by its marker.
 */
import type { UnsureStart } from '../api/actionStart';
import { LIST_LAG_MS } from '../domain/actionTimes';
import type { MachineAction } from '../domain/machineAction';
import type { Clock } from '../limits/clock';

export interface StartedRun {
	action: MachineAction;
	/** Somebody else's run, or one shared through the idempotency key. */
	attached: boolean;
	/** With which it was started a moment ago; null for one that was recognised by its marker. */
	comment: string | null;
}

export type RunOutcome =
	| { kind: 'started'; run: StartedRun }
	/** It may have been started: it is looked for, and not tried again. */
	| { kind: 'unsure'; start: UnsureStart }
	| { kind: 'notStarted'; error: unknown };

export interface Entry {
	/** Never rejects. */
	outcome: Promise<RunOutcome>;
	fingerprint: string;
	/** By the system's clock, in milliseconds. */
	since: number;
}

const underWay = new Map<string, Entry>();
/** In the order in which they leave. */
const started = new Map<string, { entry: Entry; until: number }>();

export function knownRun(name: string, clock: Clock): Entry | undefined {
	const found = started.get(name);
	return underWay.get(name) ?? (found && found.until > clock.now() ? found.entry : undefined);
}

/** What was not started is forgotten as soon as that is known. */
export function rememberRun(name: string, entry: Entry, clock: Clock): void {
	started.delete(name);
	underWay.set(name, entry);
	void entry.outcome.then(({ kind }) => {
		if (underWay.get(name) !== entry) return;
		underWay.delete(name);
		const now = clock.now();
		if (kind !== 'notStarted') started.set(name, { entry, until: now + LIST_LAG_MS });
		for (const [left, { until }] of started) {
			if (until > now) return;
			started.delete(left);
		}
	});
}

/** Unless another has taken its place. */
export function forgetRun(name: string, entry: Entry): void {
	if (underWay.get(name) === entry) underWay.delete(name);
	if (started.get(name)?.entry === entry) started.delete(name);
}
