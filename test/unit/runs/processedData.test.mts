/** n8n's store reads a row, and then writes all of it: of processes that ask at the same time, one is the first. */
import fc from 'fast-check';

import { claim } from '../../../nodes/DefenderLiveResponse/runs/processedData';
import { fixedSeed } from '../../support/fixedSeed.mts';
import { sharedRow } from '../../support/sharedRow.mts';
import { VirtualClock } from '../../support/virtualClock.mts';

fc.configureGlobal({ seed: fixedSeed, numRuns: 500 });

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

it('of twelve that meet over and over, none is told so of what another one is', async () => {
	const pairs = ['a', 'b', 'c', 'd', 'e', 'f'].flatMap((id) => [id, id]);
	await fc.assert(
		fc.asyncProperty(fc.integer({ min: 1, max: 100 }), async (roundTripMs) => {
			const clock = new VirtualClock();
			const { process } = sharedRow(clock);
			const work = pairs.map(async (id) => {
				const isFirst = await claim(process([roundTripMs]), [id], { clock, signal: undefined });
				return isFirst ? [id] : [];
			});
			await clock.runUntil(Promise.all(work));
			const first = (await Promise.all(work)).flat();
			expect(first).toEqual([...new Set(first)]);
		}),
	);
});

it('an n8n that cannot tell in the end whether it was the first is not taken for it', async () => {
	const clock = new VirtualClock();
	const functions = sharedRow(clock).process([1]);
	const work = claim(functions, ['a'], { clock, signal: undefined });
	await clock.advance(10);
	functions.helpers.checkProcessedAndRecord = async () => await Promise.reject(new Error('Gone'));
	await clock.runUntil(work);
	expect(await work).toBe(false);
});
