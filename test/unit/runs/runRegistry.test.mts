import {
	knownRun,
	rememberRun,
	type RunOutcome,
} from '../../../nodes/DefenderLiveResponse/runs/runRegistry';
import { VirtualClock } from '../../support/virtualClock.mts';

const started = { kind: 'started' } as RunOutcome;
const clock = new VirtualClock();
const names = [1, 2, 3].map((at) => `run ${at}`);
const known = () => names.filter((name) => knownRun(name, clock) !== undefined);
const remember = (name: string, outcome: Promise<RunOutcome>) =>
	rememberRun(name, { outcome, fingerprint: '', since: clock.wallTime() }, clock);

describe('a process knows a run', () => {
	it('while it is being started, and until lists must have it, however many others there are', async () => {
		let answer: (outcome: RunOutcome) => void = () => {};
		remember(names[0], new Promise((resolve) => (answer = resolve)));
		await clock.advance(3_600_000);
		remember(names[1], Promise.resolve(started));
		for (let at = 0; at < 5000; at++) remember(`other ${at}`, Promise.resolve(started));
		await clock.advance(100_000);
		answer(started);
		await clock.advance(50_000);
		expect(known()).toEqual([names[0], names[1]]);
		await clock.advance(10_000);
		expect(known()).toEqual([names[0]]);
		await clock.advance(100_000);
		expect(known()).toEqual([]);
	});

	it('no longer when it was not started', async () => {
		remember(names[2], Promise.resolve({ kind: 'notStarted', error: null }));
		expect(known()).toEqual([names[2]]);
		await clock.advance(0);
		expect(known()).toEqual([]);
	});
});
