import type { IExecuteFunctions } from 'n8n-workflow';

import type { VirtualClock } from './virtualClock.mts';

/** One row of n8n's table, as processes that know nothing of each other read and write it. */
export function sharedRow(clock: VirtualClock) {
	let row: readonly string[] = [];
	let processes = 0;
	/** @param roundTripMs from reading to writing, query by query */
	const process = (roundTripMs: readonly number[]): IExecuteFunctions => {
		const name = `process-${++processes}`;
		let queries = 0;
		const checkProcessedAndRecord = async (asked: string[]) => {
			const read = row;
			await clock.sleep(roundTripMs[queries++ % roundTripMs.length]);
			const isNew = (id: string) => !read.includes(id);
			row = [...read, ...asked.filter(isNew)];
			return { new: asked.filter(isNew), processed: asked.filter((id) => !isNew(id)) };
		};
		return {
			getWorkflow: () => ({ id: name }),
			getNode: () => ({ id: 'node-1' }),
			helpers: { checkProcessedAndRecord },
		} as unknown as IExecuteFunctions;
	};
	return { process, has: (id: string) => row.includes(id) };
}
