/**
 * Waiting for machine actions. However many are waited for in a node run, an interval costs one
 * call, whatever their types: a list of the actions since the oldest of them.
 */
import { createdAt, isFinished, type MachineAction } from '../domain/machineAction';
import { withAction } from '../inputs/nodeErrors';
import type { Connection } from '../transport/connection';
import { perConnection } from '../transport/perConnection';
import { listCreatedSince } from './machineActionLists';
import { getMachineAction } from './machineActions';

export type WatchOutcome =
	| { kind: 'finished'; action: MachineAction }
	/** `action` is as it was seen last. */
	| { kind: 'deadline'; action: MachineAction }
	| { kind: 'stopped'; action: MachineAction };

interface Watched {
	action: MachineAction;
	intervalMs: number;
	deadline: number;
	/** In a row, of those by its id. */
	failedReads: number;
	settle(outcome: WatchOutcome): void;
	fail(error: unknown): void;
}

/** A fresh action can be missing from lists, and answer 404, for about two minutes. */
const LISTED_AFTER_MS = 150_000;
const MOST_FAILURES = 3;

export class ActionWatch {
	private readonly watched = new Set<Watched>();
	private running = false;

	constructor(private readonly connection: Connection) {}

	/** Waits until the action has ended or `deadline` (clock time, in milliseconds) has come. */
	async until(
		action: MachineAction,
		timing: { intervalMs: number; deadline: number },
	): Promise<WatchOutcome> {
		if (isFinished(action)) return { kind: 'finished', action };
		return await new Promise((resolve, reject) => {
			const entry: Watched = {
				action,
				...timing,
				failedReads: 0,
				settle: (outcome) => {
					this.watched.delete(entry);
					resolve(outcome);
				},
				fail: (error) => {
					this.watched.delete(entry);
					reject(withAction(this.connection.functions.getNode(), action.id, error) as Error);
				},
			};
			this.watched.add(entry);
			void this.run();
		});
	}

	private async run() {
		if (this.running) return;
		this.running = true;
		let failures = 0;
		while (this.watched.size > 0) {
			if (!(await this.pause())) break;
			if (this.watched.size === 0) break;
			const failure = await this.look().then(
				() => null,
				(error: unknown) => ({ error }),
			);
			failures = failure ? failures + 1 : 0;
			if (failure && failures >= MOST_FAILURES) {
				for (const entry of [...this.watched]) entry.fail(failure.error);
			}
		}
		this.running = false;
		if (this.connection.signal?.aborted) {
			for (const entry of [...this.watched])
				entry.settle({ kind: 'stopped', action: entry.action });
		}
	}

	/** Sleeps one interval, ending the waits whose deadline comes first. False when stopped. */
	private async pause(): Promise<boolean> {
		const { clock, signal } = this.connection;
		const next = clock.now() + Math.min(...this.each(({ intervalMs }) => intervalMs));
		for (;;) {
			const soonest = Math.min(next, ...this.each(({ deadline }) => deadline));
			if (!(await clock.sleep(Math.max(0, soonest - clock.now()), signal))) return false;
			const now = clock.now();
			if (now >= next) return true;
			for (const entry of [...this.watched]) {
				if (entry.deadline <= now) entry.settle({ kind: 'deadline', action: entry.action });
			}
			if (this.watched.size === 0) return true;
		}
	}

	private async look() {
		const now = this.connection.clock.now();
		const seen = new Map((await this.read()).map((action) => [action.id, action]));
		for (const entry of [...this.watched]) {
			const action = seen.get(entry.action.id);
			if (action) entry.action = action;
			else if (shouldBeListed(entry.action, now)) await this.readAlone(entry);
			if (isFinished(entry.action)) entry.settle({ kind: 'finished', action: entry.action });
			else if (entry.deadline <= now) entry.settle({ kind: 'deadline', action: entry.action });
		}
	}

	/** One that cannot be read is no reason to give up on the others. */
	private async readAlone(entry: Watched) {
		try {
			entry.action = await getMachineAction(this.connection, entry.action.id);
			entry.failedReads = 0;
		} catch (error) {
			entry.failedReads++;
			if (entry.failedReads >= MOST_FAILURES) entry.fail(error);
		}
	}

	private async read(): Promise<MachineAction[]> {
		const now = this.connection.clock.now();
		const created = this.each(({ action }) => createdAt(action) ?? now);
		const machineIds = new Set(this.each(({ action }) => action.machineId));
		const [only] = machineIds;
		return await listCreatedSince(this.connection, {
			types: [...new Set(this.each(({ action }) => action.type))].sort(),
			since: Math.min(...created) - 1000,
			...(machineIds.size === 1 && only ? { machineId: only } : {}),
		});
	}

	private each<T>(pick: (entry: Watched) => T): T[] {
		return [...this.watched].map(pick);
	}
}

/** One without a time should. */
function shouldBeListed(action: MachineAction, now: number): boolean {
	const created = createdAt(action);
	return created === null || now - created > LISTED_AFTER_MS;
}

/** The one watch of a node run. */
export const watchOf = perConnection((connection) => new ActionWatch(connection));
