/** Of several processes that advance a campaign, one starts an attempt; none is in the way for ever. */
import fc from 'fast-check';
import type { IExecuteFunctions } from 'n8n-workflow';

import {
	claimStarts as claimStartsOf,
	type Claim,
} from '../../../nodes/DefenderLiveResponse/campaigns/startClaims';
import { fixedSeed } from '../../support/fixedSeed.mts';
import { sharedRow } from '../../support/sharedRow.mts';
import { VirtualClock } from '../../support/virtualClock.mts';

fc.configureGlobal({ seed: fixedSeed, numRuns: 200 });

const MINUTE_MS = 60_000;
const claim = (machineId: string, listed = 0): Claim => ({
	...{ tenantId: 'tenant', campaign: '00ff00ff00ff00ff', machineId, listed },
});

/** Waits take no time. */
const clock = { now: () => 0, wallTime: () => 0, sleep: async () => true };
const claimStarts = async (functions: IExecuteFunctions, claims: readonly Claim[], now: number) =>
	await claimStartsOf(functions, { clock, signal: undefined }, claims, now);

/** n8n's store, which can be asked only by writing to it. */
function database() {
	const ids = new Set<string>();
	return {
		process: () =>
			({
				getWorkflow: () => ({ id: 'workflow-1' }),
				getNode: () => ({ id: 'node-1' }),
				helpers: {
					checkProcessedAndRecord: async (asked: string[]) => {
						const processed = asked.filter((id) => ids.has(id));
						for (const id of asked) ids.add(id);
						return { processed, new: [] };
					},
				},
			}) as unknown as IExecuteFunctions,
	};
}

it('one of two processes gets a device, the other one its next attempt', async () => {
	const { process } = database();
	const claims = [claim('a'), claim('b')];
	expect(await claimStarts(process(), claims, 0)).toEqual([true, true]);
	expect(await claimStarts(process(), claims, MINUTE_MS)).toEqual([false, false]);
	expect(await claimStarts(process(), [claim('a', 1)], MINUTE_MS)).toEqual([true]);
});

it('however often and by whom it is asked for: not for five minutes, and surely after ten', async () => {
	const pauses = fc.array(fc.integer({ min: 0, max: 4 * MINUTE_MS }), { maxLength: 60 });
	await fc.assert(
		fc.asyncProperty(pauses, async (between) => {
			const { process } = database();
			let now = 0;
			let granted = -Infinity;
			for (const pause of between) {
				now += pause;
				const [isGranted] = (await claimStarts(process(), [claim('a')], now)) ?? [];
				if (now - granted < 5 * MINUTE_MS) expect(isGranted).toBe(false);
				if (isGranted) granted = now;
				// Somebody who asks within each five minutes gets it again.
				else expect(now - granted).toBeLessThanOrEqual(10 * MINUTE_MS);
			}
		}),
	);
});

it('one of two processes gets a device, also where five minutes are over between them', async () => {
	const around = fc.integer({ min: -4000, max: 4000 });
	await fc.assert(
		fc.asyncProperty(around, around, async (...moments) => {
			const clock = new VirtualClock();
			const { process } = sharedRow(clock);
			const connection = { clock, signal: undefined };
			const work = moments.map(async (moment) => {
				await clock.sleep(5 * MINUTE_MS + moment);
				return await claimStartsOf(process([20]), connection, [claim('a')], clock.wallTime());
			});
			await clock.runUntil(Promise.all(work));
			const granted = (await Promise.all(work)).flat();
			expect(granted.filter((isGranted) => isGranted)).toHaveLength(1);
		}),
	);
});

it('an n8n that keeps no such notes says so', async () => {
	const functions = database().process();
	functions.helpers.checkProcessedAndRecord = async () => await Promise.reject(new Error('None'));
	expect(await claimStarts(functions, [claim('a')], 0)).toBeNull();
	expect(await claimStarts(functions, [], 0)).toEqual([]);
});
