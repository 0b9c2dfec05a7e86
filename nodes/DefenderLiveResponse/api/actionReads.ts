/**
 * Reading machine actions by their ids. What the items of a node run ask for at the same time is
 * read together, one call for 19 of them; a single one costs a read of its own.
 */
import type { MachineAction } from '../domain/machineAction';
import type { Connection } from '../transport/connection';
import { perConnection } from '../transport/perConnection';
import { findMachineActions } from './machineActionLists';
import { getFreshMachineAction } from './machineActions';

/** The items of a run follow each other within the same turn of the event loop. */
const COLLECTING_MS = 1;

class ActionReads {
	private wanted = new Set<string>();
	private reading: Promise<Map<string, MachineAction>> | null = null;

	constructor(private readonly connection: Connection) {}

	async read(id: string): Promise<MachineAction> {
		this.wanted.add(id);
		this.reading ??= this.readTogether();
		const found = (await this.reading).get(id);
		// Not listed: a fresh one, or none, which its own read tells.
		return found ?? (await getFreshMachineAction(this.connection, id));
	}

	private async readTogether(): Promise<Map<string, MachineAction>> {
		await this.connection.clock.sleep(COLLECTING_MS, this.connection.signal);
		const ids = [...this.wanted];
		this.wanted = new Set();
		this.reading = null;
		const actions = ids.length > 1 ? await findMachineActions(this.connection, ids) : [];
		return new Map(actions.map((action) => [action.id.toLowerCase(), action]));
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
