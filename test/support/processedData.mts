/** n8n's store of processed data, in memory: what its DeduplicationHelper does with the database. */
import { DataDeduplicationService } from 'n8n-core';
import type {
	ICheckProcessedContextData,
	ICheckProcessedOptions,
	IDataDeduplicator,
	IDeduplicationOutput,
} from 'n8n-workflow';

/** By workflow and node id, as n8n keeps them: in whichever process a node runs. */
const rows = new Map<string, string[]>();
let isMissing = false;
let queries = 0;
/** Queries that have read and wait to write, until there are so many. */
let together: { count: number; write: Array<() => void> } | null = null;

export const processedData = {
	/** As in an n8n that has no such store yet, or for a workflow that was never saved. */
	takeAway: () => {
		isMissing = true;
	},
	/** The next so many queries come at the same time. */
	together: (count: number) => {
		together = { count, write: [] };
	},
	/** Empty, as after the database was reset. */
	reset: () => {
		isMissing = false;
		together = null;
		queries = 0;
		rows.clear();
	},
	get queries() {
		return queries;
	},
	get entries() {
		return [...rows.values()].flat();
	},
};

/** As n8n does it: whoever asks in between is told the same, and the last one's row is the one that stays. */
async function readThenWrite(context: string, ids: string[], maxEntries = 0) {
	const row = rows.get(context) ?? [];
	const known = new Set(row);
	await new Promise<void>((resolve) => {
		if (!together) return void setImmediate(resolve);
		together.write.push(resolve);
		if (together.write.length < together.count) return;
		together.write.forEach((write) => write());
		together = null;
	});
	const isNew = (id: string) => !known.has(id);
	rows.set(context, [...row, ...ids.filter(isNew)].slice(-maxEntries));
	return { new: ids.filter(isNew), processed: ids.filter((id) => !isNew(id)) };
}

const unused = async (): Promise<never> => {
	throw new Error('The node does not use this');
};

const store: IDataDeduplicator = {
	async checkProcessedAndRecord(
		items: unknown[],
		scope: unknown,
		{ workflow, node }: ICheckProcessedContextData,
		{ mode, maxEntries }: ICheckProcessedOptions,
	): Promise<IDeduplicationOutput> {
		queries += 1;
		if (isMissing) throw new Error('There is no such store');
		if (scope !== 'node' || mode !== 'entries')
			throw new Error('Another mode than it was made with');
		const context = `${workflow.id} n:${node?.id}`;
		return await readThenWrite(context, items.map(String), maxEntries);
	},

	async removeProcessed(
		items: unknown[],
		_scope: unknown,
		{ workflow, node }: ICheckProcessedContextData,
	): Promise<void> {
		if (isMissing) throw new Error('There is no such store');
		const context = `${workflow.id} n:${node?.id}`;
		const row = rows.get(context) ?? [];
		await new Promise((resolve) => setImmediate(resolve));
		const gone = new Set(items.map(String));
		rows.set(
			context,
			row.filter((id) => !gone.has(id)),
		);
	},

	clearAllProcessedItems: unused,
	getProcessedDataCount: unused,
} as unknown as IDataDeduplicator;

/** As n8n does when it starts. */
export async function prepareProcessedData(): Promise<void> {
	await DataDeduplicationService.init(store);
}
