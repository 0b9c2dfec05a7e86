/**
 * Reading machine actions by their ids. What the items of a node run ask for at the same time is
 * read together, one call for 19 of them; a single one costs a read of its own.
 */
import type { MachineAction } from '../domain/machineAction';
import type { Connection } from '../transport/connection';
import { perConnection } from '../transport/perConnection';
import { findMachineActions } from './machineActionLists';
import { getFreshMachineAction } from './machineActions';

/** Many items of a run follow each other within the same turn of the event loop. */
const COLLECTING_MS = 1;

class ActionReads {
	private wanted = new Set<string>();
	private reading: Promise<Map<string, MachineAction>> | null = null;
	private last: Promise<unknown> = Promise.resolve();

	constructor(private readonly connection: Connection) {}

	async read(id: string): Promise<MachineAction> {
		this.wanted.add(id);
		this.reading ??= this.readTogether();
		const found = (await this.reading).get(id);
		// Not listed: a fresh one, or none, which its own read tells.
		return found ?? (await getFreshMachineAction(this.connection, id));
	}

	/** What is asked for while others are read is the next that is read. */
	private async readTogether(): Promise<Map<string, MachineAction>> {
		await this.connection.clock.sleep(COLLECTING_MS, this.connection.signal);
		await this.last;
		const reading = this.readAll([...this.wanted]);
		this.last = reading.catch(() => {});
		this.wanted = new Set();
		this.reading = null;
		return new Map((await reading).map((action) => [action.id.toLowerCase(), action]));
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
