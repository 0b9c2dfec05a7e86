import type { MachineAction } from '../../../nodes/DefenderLiveResponse/domain/machineAction';
import { ActionWatch } from '../../../nodes/DefenderLiveResponse/api/actionWatch';
import { connectionTo, type PlayedAnswer } from '../../support/playedApi.mts';
import { VirtualClock } from '../../support/virtualClock.mts';

const machineId = 'a'.repeat(40);
const intervalMs = 10_000;
const anHour = 3_600_000;

const action = (more: Partial<MachineAction> = {}) =>
	({
		id: '11a86b87-12b8-423b-9e8d-9775ab2da78f',
		type: 'LiveResponse',
		status: 'Pending',
		machineId,
		creationDateTimeUtc: new Date(0).toISOString(),
		commands: [],
		sent: {},
		...more,
	}) as MachineAction;

/** Waits for one action, created at 0; every list is answered by `list`, every read by the action. */
function watch(list: (look: number) => PlayedAnswer, watched = action()) {
	const clock = new VirtualClock();
	const seconds: { lists: number[]; reads: number[] } = { lists: [], reads: [] };
	const connection = connectionTo(
		({ url }) => {
			const isRead = url.endsWith(watched.id);
			(isRead ? seconds.reads : seconds.lists).push(clock.now() / 1000);
			return isRead
				? { status: 200, body: { ...watched, status: 'Succeeded' } }
				: list(seconds.lists.length);
		},
		{ clock },
	);
	const outcome = new ActionWatch(connection)
		.until(watched, { intervalMs, maxWaitMs: anHour })
		.then(
			({ kind }) => kind,
			(error: Error) => error.message,
		);
	return { clock, seconds, outcome };
}

const nothing: PlayedAnswer = { status: 200, body: { value: [] } };
const refused: PlayedAnswer = { status: 403, body: {} };
const ended: PlayedAnswer = { status: 200, body: { value: [action({ status: 'Succeeded' })] } };

describe('waiting for an action', () => {
	it.each([
		['goes on after two looks that failed', [refused, refused, ended], 'finished'],
		[
			'counts them anew after one that worked',
			[refused, refused, nothing, refused, refused, ended],
			'finished',
		],
		[
			'fails after three in a row',
			[refused, refused, refused, ended],
			expect.stringMatching(/may not do this/),
		],
	])('%s', async (_case, answers, expected) => {
		const { clock, seconds, outcome } = watch((look) => answers[look - 1]);
		await clock.advance(anHour);
		expect(await outcome).toEqual(expected);
		const looks = expected === 'finished' ? answers.length : 3;
		expect(seconds.lists).toEqual(Array.from({ length: looks }, (_, at) => (at + 1) * 10));
	});

	it('does not ask for a fresh one that the list does not show yet', async () => {
		const { clock, seconds } = watch(() => nothing);
		await clock.advance(150_000);
		expect(seconds.reads).toEqual([]);
	});

	it('asks for it by its id when the list should show it', async () => {
		const { clock, seconds, outcome } = watch(() => nothing);
		await clock.advance(anHour);
		expect(await outcome).toBe('finished');
		expect(seconds.reads).toEqual([160]);
	});

	it.each(['', 'soon', '9999-12-31T23:59:59.9999999Z'])(
		'asks at once for one whose time of creation is %j, which says nothing',
		async (creationDateTimeUtc) => {
			const { clock, seconds, outcome } = watch(() => nothing, action({ creationDateTimeUtc }));
			await clock.advance(anHour);
			expect(await outcome).toBe('finished');
			expect(seconds.reads).toEqual([10]);
		},
	);

	it('that cannot be read fails, and the others are still waited for', async () => {
		const clock = new VirtualClock();
		const gone = action({ id: '5f0a1c7e-3b29-4d86-9e14-c08b7d2f6a35' });
		const slow = action();
		const connection = connectionTo(
			({ url }) => {
				if (url.endsWith(gone.id)) return { status: 404, body: {} };
				const status = clock.now() < 600_000 ? 'Pending' : 'Succeeded';
				return { status: 200, body: { value: [{ ...slow, status }] } };
			},
			{ clock },
		);
		const waiting = new ActionWatch(connection);
		const outcomes = [gone, slow].map(
			async (watched) =>
				await waiting.until(watched, { intervalMs, maxWaitMs: anHour }).then(
					({ kind }) => kind,
					(error: Error) => error.message,
				),
		);
		for (let look = 0; look < 70; look++) await clock.advance(intervalMs);
		expect(await Promise.all(outcomes)).toEqual([
			expect.stringContaining('was not found'),
			'finished',
		]);
	});

	it('takes one list an interval for actions of more types than a filter holds', async () => {
		const clock = new VirtualClock();
		const actions = Array.from({ length: 11 }, (_, at) =>
			action({ id: `11a86b87-12b8-423b-9e8d-9775ab2da7${String(at + 10)}`, type: `Type${at}` }),
		);
		const lists: number[] = [];
		const connection = connectionTo(
			() => {
				lists.push(clock.now() / 1000);
				const status = lists.length < 5 ? 'Pending' : 'Succeeded';
				return { status: 200, body: { value: actions.map((one) => ({ ...one, status })) } };
			},
			{ clock },
		);
		const watch = new ActionWatch(connection);
		const outcomes = actions.map(
			async (one) => (await watch.until(one, { intervalMs, maxWaitMs: anHour })).kind,
		);
		for (let look = 0; look < 6; look++) await clock.advance(intervalMs);
		expect(new Set(await Promise.all(outcomes))).toEqual(new Set(['finished']));
		expect(lists).toEqual([10, 20, 30, 40, 50]);
	});

	it('ends with the execution, and leaves no timer behind', async () => {
		const clock = new VirtualClock();
		const connection = connectionTo(() => nothing, { clock });
		const stop = new AbortController();
		connection.signal = stop.signal;
		const watch = new ActionWatch(connection);
		const outcomes = Array.from(
			{ length: 200 },
			async () => (await watch.until(action(), { intervalMs, maxWaitMs: anHour })).kind,
		);
		await clock.advance(15_000);
		stop.abort();
		expect(new Set(await Promise.all(outcomes))).toEqual(new Set(['stopped']));
		expect(clock.sleeping).toBe(0);
	});

	it('finds one that is no live response in the same list', async () => {
		const isolation = action({ type: 'Isolate' });
		const list: PlayedAnswer = {
			status: 200,
			body: { value: [{ ...isolation, status: 'Succeeded' }] },
		};
		const { clock, seconds, outcome } = watch(() => list, isolation);
		await clock.advance(anHour);
		expect(await outcome).toBe('finished');
		expect(seconds).toEqual({ lists: [10], reads: [] });
	});
});
