/**
 * The runs of this process, by what names them. The tries of one call share its run, and whoever
 * gives the same idempotency key does, also while the run is being started.
 */
import type { MachineAction } from '../domain/machineAction';
import type { UnsureStart } from '../api/actionStart';
import { Recent } from './recent';

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

const A_DAY_MS = 24 * 3_600_000;
/** More than a process starts while lists lag behind; an older run is recognised by its marker. */
const MOST_STARTED = 2000;
const MOST_NAMES = 50_000;

const underWay = new Map<string, Entry>();
const started = new Recent<Entry>(MOST_STARTED);
const names = new Recent<true>(MOST_NAMES);

export function knownRun(name: string, now: number): Entry | undefined {
	const entry = underWay.get(name) ?? started.get(name);
	return entry && now - entry.since <= A_DAY_MS ? entry : undefined;
}

/** Whether it was started, or may have been, however long ago; lists have it by now. */
export const wasStarted = (name: string) => names.get(name) === true;

/** What was not started is forgotten as soon as that is known. */
export function rememberRun(name: string, entry: Entry): Entry {
	started.delete(name);
	underWay.set(name, entry);
	void entry.outcome.then((outcome) => {
		if (underWay.get(name) !== entry) return;
		underWay.delete(name);
		if (outcome.kind === 'notStarted') return;
		started.set(name, entry);
		names.set(name, true);
	});
	return entry;
}

/** Unless another has taken its place. */
export function forgetRun(name: string, entry: Entry): void {
	if (underWay.get(name) === entry) underWay.delete(name);
	if (started.get(name) === entry) started.delete(name);
}
