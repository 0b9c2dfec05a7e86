/**
 * Waiting for machine actions. However many are waited for in a node run, an interval costs one
 * call, whatever their types: a list of the actions since the oldest of them.
 */
import { NodeApiError } from 'n8n-workflow';

import { LIST_LAG_MS } from '../domain/actionTimes';
import { createdAt, isFinished, type MachineAction } from '../domain/machineAction';
import type { Patience } from '../inputs/patience';
import { withAction } from '../inputs/nodeErrors';
import type { Connection } from '../transport/connection';
import { onStop } from '../transport/onStop';
import { perConnection } from '../transport/perConnection';
import { listCreatedSince } from './machineActionLists';
import { getMachineAction } from './machineActions';

export type WatchOutcome =
	| { kind: 'finished'; action: MachineAction }
	/** A reading shows that it is not the one to wait for. */
	| { kind: 'foreign'; action: MachineAction }
	/** `action` is as it was seen last. */
	| { kind: 'deadline'; action: MachineAction }
	| { kind: 'stopped'; action: MachineAction };

interface Waiting extends Patience {
	/** Whether a reading may be of the action that is meant; any may without it. */
	isMeant?(reading: MachineAction): boolean;
}

interface Watched extends Waiting {
	action: MachineAction;
	/** Clock time in milliseconds. */
	since: number;
	/** Clock time in milliseconds. */
	deadline: number;
	/** Looks in a row that brought nothing but an error. */
	failedLooks: number;
	settle(outcome: WatchOutcome): void;
	fail(error: unknown): void;
}

const MOST_FAILURES = 3;

export class ActionWatch {
	private readonly watched = new Set<Watched>();
	private running = false;

	constructor(private readonly connection: Connection) {}

	/** Waits until the action has ended, its deadline has come, or it turns out to be another one. */
	async until(action: MachineAction, waiting: Waiting): Promise<WatchOutcome> {
		if (isFinished(action)) return { kind: 'finished', action };
		const since = this.connection.clock.now();
		return await new Promise((resolve, reject) => {
			let forget = () => {};
			const entry: Watched = {
				action,
				...waiting,
				since,
				deadline: since + waiting.maxWaitMs,
				failedLooks: 0,
				settle: (outcome) => {
					forget();
					this.watched.delete(entry);
					resolve(outcome);
				},
				fail: (error) => {
					forget();
					this.watched.delete(entry);
					reject(withAction(this.connection.functions.getNode(), action.id, error) as Error);
				},
			};
			this.watched.add(entry);
			forget = onStop(this.connection.signal, () =>
				entry.settle({ kind: 'stopped', action: entry.action }),
			);
			void this.run();
		});
	}

	private async run() {
		if (this.running) return;
		this.running = true;
		while (this.watched.size > 0) {
			if (!(await this.pause())) break;
			await this.look();
		}
		this.running = false;
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
		const entries = [...this.watched];
		const list = await this.list().then(
			(actions) => new Map(actions.map((action) => [action.id, action])),
			(error: unknown) => ({ error }),
		);
		for (const entry of entries) await this.see(entry, list);
	}

	/** What goes wrong with one action is no reason to give up on the others. */
	private async see(entry: Watched, list: Map<string, MachineAction> | { error: unknown }) {
		try {
			if ('error' in list) throw list.error;
			entry.action = list.get(entry.action.id) ?? (await this.readUnlisted(entry));
			entry.failedLooks = 0;
		} catch (error) {
			entry.failedLooks++;
			if (entry.failedLooks >= MOST_FAILURES) return entry.fail(error);
		}
		const { action } = entry;
		if (entry.isMeant?.(action) === false) entry.settle({ kind: 'foreign', action });
		else if (isFinished(action)) {
			this.connection.events.ended.add(action.id);
			entry.settle({ kind: 'finished', action });
		} else if (entry.deadline <= this.connection.clock.now()) {
			entry.settle({ kind: 'deadline', action });
		}
	}

	/** By its own id, once lists and reads should know it; one without a time is in no list. */
	private async readUnlisted({ action, since }: Watched): Promise<MachineAction> {
		const isFresh = this.connection.clock.now() - since <= LIST_LAG_MS;
		if (isFresh && createdAt(action) !== null) return action;
		const read = getMachineAction(this.connection, action.id);
		return await (isFresh ? read.catch(asBeforeWhenNotFound(action)) : read);
	}

	private async list(): Promise<MachineAction[]> {
		const created = this.each(({ action }) => createdAt(action)).filter((time) => time !== null);
		if (created.length === 0) return [];
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

/** A 404 says nothing about a fresh one. */
const asBeforeWhenNotFound =
	(action: MachineAction) =>
	(error: unknown): MachineAction => {
		if (error instanceof NodeApiError && error.httpCode === '404') return action;
		throw error;
	};

/** The one watch of a node run in a tenant. */
export const watchOf = perConnection((connection) => new ActionWatch(connection));
