/**
 * Reading machine actions by their ids. What the items of a node run ask for at the same time is
 * read together, one call for 19 of them; a single one costs a read of its own.
 */
import type { MachineAction } from '../domain/machineAction';
import type { Connection } from '../transport/connection';
import { perConnection } from '../transport/perConnection';
import { findMachineActions, MOST_IDS } from './machineActionLists';
import { getFreshMachineAction } from './machineActions';

/** Items of a run that go on in the same turn of the event loop follow each other within less. */
const COLLECTING_MS = 1;

interface Reading {
	readonly ids: Set<string>;
	/** By their ids in lower case. */
	readonly actions: Promise<Map<string, MachineAction>>;
}

const hasRoomFor = (id: string, { ids }: Reading) => ids.size < MOST_IDS || ids.has(id);

class ActionReads {
	/** What is asked for while others are read is the next that is read. */
	private next: Reading | null = null;
	private last: Promise<unknown> = Promise.resolve();

	constructor(private readonly connection: Connection) {}

	async read(id: string): Promise<MachineAction> {
		if (!this.next || !hasRoomFor(id, this.next)) this.next = this.begin();
		const { ids, actions } = this.next;
		ids.add(id);
		const found = (await actions).get(id);
		// Not listed: a fresh one, or none, which its own read tells.
		return found ?? (await getFreshMachineAction(this.connection, id));
	}

	private begin(): Reading {
		const ids = new Set<string>();
		const actions = this.readAfter(this.last, ids);
		this.last = actions.catch(() => {});
		return { ids, actions };
	}

	private async readAfter(before: Promise<unknown>, ids: ReadonlySet<string>) {
		await this.connection.clock.sleep(COLLECTING_MS, this.connection.signal);
		await before;
		if (this.next?.ids === ids) this.next = null;
		const read = await this.readAll([...ids]);
		return new Map(read.map((action) => [action.id.toLowerCase(), action]));
	}

	private async readAll(ids: readonly string[]): Promise<MachineAction[]> {
		if (ids.length > 1) return await findMachineActions(this.connection, ids);
		return [await getFreshMachineAction(this.connection, ids[0])];
	}
}

const readsOf = perConnection((connection) => new ActionReads(connection));

/** The machine action of this id (in lower case), read together with those of the other items. */
export async function readMachineAction(
	connection: Connection,
	id: string,
): Promise<MachineAction> {
	return await readsOf(connection).read(id);
}
