/** n8n's store reads a row, and then writes all of it: of processes that ask at the same time, one is the first. */
import fc from 'fast-check';
import type { IExecuteFunctions } from 'n8n-workflow';

import { claim } from '../../../nodes/DefenderLiveResponse/runs/processedData';
import { fixedSeed } from '../../support/fixedSeed.mts';
import { VirtualClock } from '../../support/virtualClock.mts';

fc.configureGlobal({ seed: fixedSeed, numRuns: 500 });

/** One row of n8n's table, as processes that know nothing of each other read and write it. */
function sharedRow(clock: VirtualClock) {
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

/** What processes ask for, and when. */
const asking = fc.array(
	fc.record({
		id: fc.constantFrom('a', 'b', 'c'),
		after: fc.integer({ min: 0, max: 300 }),
		roundTripMs: fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 4 }),
	}),
	{ minLength: 1, maxLength: 6 },
);

it('of all that claim the same, one is told that it is the first, and the note of each stays', async () => {
	await fc.assert(
		fc.asyncProperty(asking, async (processes) => {
			const clock = new VirtualClock();
			const { process, has } = sharedRow(clock);
			const connection = { clock, signal: undefined };
			const work = processes.map(async ({ id, after, roundTripMs }) => {
				await clock.sleep(after);
				return { id, isFirst: await claim(process(roundTripMs), [id], connection) };
			});
			await clock.runUntil(Promise.all(work));
			const told = await Promise.all(work);
			for (const id of new Set(processes.map((asked) => asked.id))) {
				expect(told.filter((answer) => answer.id === id && answer.isFirst)).toHaveLength(1);
				expect(has(id)).toBe(true);
			}
		}),
	);
});
