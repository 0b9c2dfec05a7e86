import fc from 'fast-check';

import { UNFILTERED } from '../../../nodes/DefenderLiveResponse/domain/actionFilter';
import {
	attemptsOf,
	endedSince,
	MOST_UNFINISHED,
	remember,
	toLookUp,
	type Look,
	type Memory,
} from '../../../nodes/DefenderLiveResponse/domain/pollMemory';
import { MOST_HANDLED } from '../../../nodes/DefenderLiveResponse/domain/pollWindow';
import type { MachineAction } from '../../../nodes/DefenderLiveResponse/domain/machineAction';
import { fixedSeed } from '../../support/fixedSeed.mts';
import { SimulatedTenant, SimulatedTrigger } from './simulatedTrigger.mts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOON = Date.parse('2026-01-31T12:00:00Z');

const apiTime = (time: number) => new Date(time).toISOString().replace('Z', '4567Z');

const action = (
	id: string,
	status: string,
	createdAt: number,
	endedAt = createdAt,
): MachineAction => ({
	id,
	type: 'LiveResponse',
	status,
	requestor: null,
	requestorComment: null,
	machineId: null,
	computerDnsName: null,
	creationDateTimeUtc: apiTime(createdAt),
	lastUpdateDateTimeUtc: apiTime(endedAt),
	cancellationRequestor: null,
	cancellationComment: null,
	cancellationDateTimeUtc: null,
	errorHResult: 0,
	sent: {},
	commands: [],
});

/** A look at these actions, and the memory it leaves. */
const look = (memory: Memory | null, seen: MachineAction[], more: Partial<Look> = {}) => {
	const filter = more.filter ?? UNFILTERED;
	const device = more.device ?? '';
	const ended = endedSince(memory, seen, { filter, device }).map(({ id }) => id);
	const { memory: next, vanished } = remember(memory, {
		now: NOON,
		tenantId: 'contoso',
		workflowId: 'workflow-1',
		filter,
		device,
		since: memory?.since ?? NOON - 6 * HOUR,
		seen,
		missing: [],
		postponed: new Map(),
		...more,
	});
	return { ended, memory: next, vanished };
};

const atNoon = (seen: MachineAction[] = [action('anchor', 'Failed', NOON)]) =>
	look(null, seen).memory;

describe('the first look', () => {
	it('takes what has ended for history, and remembers what has not', () => {
		const first = look(null, [
			action('over', 'Succeeded', NOON - MINUTE),
			action('offline', 'Pending', NOON - 2 * DAY),
		]);
		expect(first.ended).toEqual([]);
		expect(first.memory.unfinished).toEqual({ offline: { createdAt: NOON - 2 * DAY } });
		expect(Object.keys(first.memory.handled)).toEqual(['over']);
	});

	it('that saw a tenant without live responses makes everything new', () => {
		const { memory } = look(null, [], { since: null });
		expect(memory.since).toBeNull();
		expect(look(memory, [action('a', 'Failed', NOON)], { since: null }).ended).toEqual(['a']);
	});

	it('does not go back behind where it began when the clock of n8n is slow', () => {
		const { memory } = look(null, [action('a', 'Failed', NOON)], {
			now: NOON - 5 * HOUR,
			since: NOON - 15 * MINUTE,
		});
		expect(memory.since).toBe(NOON - 15 * MINUTE);
	});
});

describe('later looks', () => {
	it.each(['Succeeded', 'Failed', 'TimeOut', 'Cancelled'])('give what is %s, once', (status) => {
		const pending = look(atNoon(), [action('a', 'Pending', NOON)]);
		expect(pending.ended).toEqual([]);
		const ended = look(pending.memory, [action('a', status, NOON, NOON + MINUTE)]);
		expect(ended.ended).toEqual(['a']);
		expect(look(ended.memory, [action('a', status, NOON, NOON + MINUTE)]).ended).toEqual([]);
	});

	it('do not take a status they do not know for an end', () => {
		expect(look(atNoon(), [action('a', 'Paused', NOON)]).ended).toEqual([]);
	});

	it('give what ended first first', () => {
		const { ended } = look(atNoon(), [
			action('late', 'Succeeded', NOON, NOON + 2 * MINUTE),
			action('early', 'Succeeded', NOON + MINUTE, NOON + MINUTE),
		]);
		expect(ended).toEqual(['early', 'late']);
	});

	it('give one action of two overlapping pages once, in its newer version', () => {
		const pages = [action('a', 'Succeeded', NOON), action('a', 'InProgress', NOON)];
		expect(look(atNoon(), pages).ended).toEqual(['a']);
		expect(look(atNoon(), pages.reverse()).ended).toEqual(['a']);
	});

	it('are not misled by a copy of the service that still shows an ended one as unfinished', () => {
		const ended = look(atNoon(), [action('a', 'Succeeded', NOON - DAY, NOON)]);
		const stale = look(ended.memory, [action('a', 'InProgress', NOON - DAY)]);
		expect(stale.memory.unfinished).toEqual({});
		expect(look(stale.memory, [action('a', 'Succeeded', NOON - DAY, NOON)]).ended).toEqual([]);
	});

	it('tolerate actions without readable times', () => {
		const odd = { ...action('a', 'Failed', NOON), lastUpdateDateTimeUtc: undefined };
		const older = { ...action('b', 'Failed', NOON), creationDateTimeUtc: '' };
		const seen = [odd, older] as unknown as MachineAction[];
		const { ended, memory } = look(atNoon(), seen);
		expect(ended.sort()).toEqual(['a', 'b']);
		expect(look(memory, seen).ended).toEqual([]);
	});
});

describe('where a list begins', () => {
	it("is a quarter of an hour before the newest creation time, by the service's clock", () => {
		expect(atNoon().since).toBe(NOON - 15 * MINUTE);
		const { memory } = look(atNoon(), [action('b', 'Pending', NOON + HOUR)], {
			now: NOON + 9 * DAY,
		});
		expect(memory.since).toBe(NOON + 45 * MINUTE);
	});

	it('never moves back', () => {
		const { memory } = look(atNoon(), [action('b', 'Pending', NOON - DAY)]);
		expect(memory.since).toBe(NOON - 15 * MINUTE);
		expect(look(memory, []).memory.since).toBe(NOON - 15 * MINUTE);
	});

	it('does not follow a creation time that lies in the future', () => {
		const ahead = action('b', 'Pending', NOON + DAY);
		const { memory } = look(atNoon(), [ahead], { now: NOON + MINUTE });
		expect(memory.since).toBe(NOON - 15 * MINUTE);
		const seen = [ahead, action('c', 'Pending', NOON + MINUTE)];
		expect(look(memory, seen, { now: NOON + HOUR }).memory.since).toBe(NOON - 14 * MINUTE);
	});

	it('does not move because the clock of n8n is 30 days ahead for one poll', () => {
		const seen = [action('b', 'Pending', NOON + MINUTE)];
		const ahead = look(atNoon(), seen, { now: NOON + 30 * DAY });
		expect(ahead.memory.since).toBe(NOON - 14 * MINUTE);
		const quick = action('c', 'Succeeded', NOON + 2 * MINUTE);
		expect(look(ahead.memory, [quick], { now: NOON + 3 * MINUTE }).ended).toEqual(['c']);
	});

	it('is the same however long n8n was off', () => {
		expect(look(atNoon(), [], { now: NOON + 300 * DAY }).memory.since).toBe(NOON - 15 * MINUTE);
	});
});

describe('one of the year 9999', () => {
	const odd = {
		...action('odd', 'Succeeded', NOON),
		creationDateTimeUtc: '9999-12-31T23:59:59.9999999Z',
		lastUpdateDateTimeUtc: '9999-12-31T23:59:59.9999999Z',
	};

	it('comes once, although every list has it', () => {
		const { ended, memory } = look(atNoon(), [odd]);
		expect(ended).toEqual(['odd']);
		const later = look(memory, [odd, action('b', 'Succeeded', NOON + DAY)], { now: NOON + DAY });
		expect(later.ended).toEqual(['b']);
		expect(look(later.memory, [odd], { now: NOON + DAY }).ended).toEqual([]);
	});

	it('moves nothing, at the first look either', () => {
		expect(look(atNoon(), [odd]).memory.since).toBe(NOON - 15 * MINUTE);
		expect(look(null, [odd], { since: null }).memory.since).toBeNull();
	});
});

describe('what was unfinished and is not listed any more', () => {
	const waiting = () =>
		look(atNoon(), [
			action('young', 'Pending', NOON - HOUR),
			action('old', 'Pending', NOON - DAY),
			action('listed', 'Pending', NOON),
		]).memory;

	it('is looked up, oldest first', () => {
		const listed = [action('listed', 'Pending', NOON)];
		expect(toLookUp(waiting(), listed).map(({ id }) => id)).toEqual(['old', 'young']);
	});

	it('is given up, with a word, when it was looked for in vain five times in a row', () => {
		const lookInVain = (from: Memory, times: number) => {
			let last = { memory: from, vanished: [] as string[] };
			for (let time = 0; time < times; time++) last = look(last.memory, [], { missing: ['old'] });
			return last;
		};
		const { memory, vanished } = lookInVain(waiting(), 4);
		expect(vanished).toEqual([]);
		expect(Object.keys(memory.unfinished)).toContain('old');
		const given = lookInVain(memory, 1);
		expect(given.vanished).toEqual(['old']);
		expect(Object.keys(given.memory.unfinished)).not.toContain('old');

		const back = look(memory, [action('old', 'Pending', NOON - DAY)]).memory;
		expect(lookInVain(back, 4).vanished).toEqual([]);
	});
});

describe('what is postponed', () => {
	const ended = action('a', 'Succeeded', NOON, NOON);
	const postponed = (attempted: boolean) => new Map([['a', { attempted }]]);

	it('comes up again, also when it is not listed any more', () => {
		const { memory } = look(atNoon(), [ended], { postponed: postponed(false) });
		expect(toLookUp(memory, [])).toEqual([{ id: 'a', createdAt: NOON }]);
		expect(look(memory, [ended]).ended).toEqual(['a']);
	});

	it('counts the attempts to fetch its results', () => {
		let { memory } = look(atNoon(), [ended], { postponed: postponed(true) });
		expect(attemptsOf(memory, 'a')).toBe(1);
		({ memory } = look(memory, [ended], { postponed: postponed(false) }));
		expect(attemptsOf(memory, 'a')).toBe(1);
		({ memory } = look(memory, [ended], { postponed: postponed(true) }));
		expect(attemptsOf(memory, 'a')).toBe(2);
		expect(attemptsOf(look(memory, [ended]).memory, 'a')).toBe(0);
	});
});

describe('a changed filter', () => {
	it('is none when the name of the device means another entry of it now', () => {
		const of = (machineId: string, device: string) => ({
			filter: { ...UNFILTERED, machineId },
			device,
		});
		const onNewEntry = [{ ...action('a', 'Succeeded', NOON), machineId: 'new' }];
		const { memory } = look(null, [], of('old', 'pc-1'));
		expect(look(memory, onNewEntry, of('new', 'pc-1')).ended).toEqual(['a']);
		expect(look(memory, onNewEntry, of('new', 'pc-2')).ended).toEqual([]);
	});

	const failed = { ...UNFILTERED, statuses: ['Failed'] };

	it('does not bring up what ended before the change and was not wanted then', () => {
		const { memory } = look(null, [], { filter: failed });
		const before = [action('a', 'Succeeded', NOON), action('b', 'Failed', NOON)];
		const change = look(memory, before, { filter: UNFILTERED });
		expect(change.ended).toEqual(['b']);
		const after = [...before, action('c', 'Succeeded', NOON + MINUTE)];
		expect(look(change.memory, after, { filter: UNFILTERED }).ended).toEqual(['c']);
	});

	it('holds at once when it is narrower', () => {
		const seen = [action('a', 'Succeeded', NOON), action('b', 'Failed', NOON)];
		expect(look(atNoon(), seen, { filter: failed }).ended).toEqual(['b']);
	});

	describe('with a key that an expression makes anew every day', () => {
		const withKey = (key: string | null) => ({ filter: { ...UNFILTERED, key } });
		const keyed = (id: string, key: string) => ({
			...action(id, 'Succeeded', NOON),
			requestorComment: `[n8n s=s w=w e=1 n=n r=0 i=0 f=00ff k=${key}]`,
		});
		const seen = [keyed('a', 'aaaa'), keyed('b', 'bbbb')];
		const { memory } = look(null, [], withKey('aaaa'));

		it('loses none of its runs that ended before the first look with it', () => {
			expect(look(memory, seen, withKey('bbbb')).ended).toEqual(['b']);
		});

		it('does not bring up other runs when the key is taken out', () => {
			expect(look(memory, seen, withKey(null)).ended).toEqual(['a']);
		});
	});
});

describe('the memory is bounded', () => {
	it('knows ended ones only as long as a list can bring them up', () => {
		const { memory } = look(atNoon(), [action('a', 'Succeeded', NOON + MINUTE)], {
			now: NOON + MINUTE,
		});
		expect(Object.keys(memory.handled)).toEqual(['anchor', 'a']);
		const later = look(memory, [action('b', 'Succeeded', NOON + HOUR)], { now: NOON + HOUR });
		expect(Object.keys(later.memory.handled)).toEqual(['b']);
	});

	it('forgets ended ones also when no new live response is started for days', () => {
		let { memory } = look(atNoon(), [action('a', 'Succeeded', NOON - DAY, NOON + HOUR)], {
			now: NOON + HOUR,
		});
		expect(Object.keys(memory.handled)).toEqual(['anchor', 'a']);
		({ memory } = look(memory, [action('b', 'Succeeded', NOON - DAY, NOON + 2 * HOUR)], {
			now: NOON + 2 * HOUR,
		}));
		expect(Object.keys(memory.handled)).toEqual(['anchor', 'b']);
	});

	const many = (count: number, status: string, at: number) =>
		Array.from({ length: count }, (_, index) => action(`${status}-${index}`, status, at + index));

	it('keeps the newest of too many unfinished ones; others take their turn later', () => {
		const pending = many(MOST_UNFINISHED + 1, 'Pending', NOON);
		const { memory } = look(atNoon(), pending);
		expect(Object.keys(memory.unfinished)).toHaveLength(MOST_UNFINISHED);
		expect(Object.keys(memory.unfinished)).not.toContain('Pending-0');
		const [oldest, next, ...rest] = pending;
		const later = look(memory, [{ ...next, status: 'Succeeded' }, oldest, ...rest]);
		expect(later.ended).toEqual(['Pending-1']);
		expect(Object.keys(later.memory.unfinished)).toContain('Pending-0');
		expect([memory.crowdedOut, later.memory.crowdedOut]).toEqual([1, 0]);
	});

	it('keeps what has ended and is postponed before what is unfinished', () => {
		const old = action('ended', 'Succeeded', NOON - DAY, NOON);
		const { memory } = look(atNoon(), [old, ...many(MOST_UNFINISHED, 'Pending', NOON)], {
			postponed: new Map([['ended', { attempted: false }]]),
		});
		expect(Object.keys(memory.unfinished)).toHaveLength(MOST_UNFINISHED);
		expect(Object.keys(memory.unfinished)).toContain('ended');
	});

	it('forgets the oldest of too many ended ones and does not list them again', () => {
		const { memory } = look(atNoon(), many(MOST_HANDLED + 10, 'Succeeded', NOON), {
			now: NOON + DAY,
		});
		expect(Object.keys(memory.handled)).toHaveLength(MOST_HANDLED);
		expect(memory.since).toBeGreaterThan(NOON);
		const again = many(MOST_HANDLED + 10, 'Succeeded', NOON).filter(
			({ creationDateTimeUtc }) => Date.parse(creationDateTimeUtc) >= memory.since!,
		);
		expect(look(memory, again).ended).toEqual([]);
	});

	it('is less than 1.5 MB of text when it is full', () => {
		const guid = (index: number) => `${String(index).padStart(8, '0')}-12b8-423b-9e8d-9775ab2da78f`;
		const some = (status: string, from: number) =>
			Array.from({ length: 12_000 }, (_, at) => action(guid(from + at), status, NOON + at));
		const seen = [...some('Pending', 0), ...some('Failed', 50_000)];
		const { memory } = look(atNoon(), seen, { now: NOON + DAY });
		expect(JSON.stringify(memory).length).toBeLessThan(1_500_000);
	});
});

/**
 * A tenant and a trigger over days: actions are created, listed late, end after seconds or days, and
 * are shown by copies of the service that lag; n8n polls, pauses, crashes and restarts with what it
 * had stored, polls fail, results are postponed, and its clock is wrong.
 */
it('every live response that ends fires exactly once, whatever happens in between', () => {
	const lives = fc.array(
		fc.record({
			createdAt: fc.oneof(
				{ weight: 3, arbitrary: fc.integer({ min: -5 * MINUTE, max: 30 * MINUTE }) },
				{ weight: 1, arbitrary: fc.integer({ min: -2 * DAY, max: 2 * DAY }) },
			),
			listedAfter: fc.constantFrom(0, 0, MINUTE, 2 * MINUTE),
			lasts: fc.oneof(
				fc.integer({ min: 1000, max: 2 * MINUTE }),
				fc.integer({ min: MINUTE, max: 3 * DAY }),
			),
			shownLate: fc.integer({ min: 0, max: MINUTE }),
		}),
		{ minLength: 1, maxLength: 40 },
	);
	const steps = fc.array(
		fc.record({
			pause: fc.oneof(
				{ weight: 16, arbitrary: fc.constant(MINUTE) },
				{ weight: 2, arbitrary: fc.integer({ min: 1000, max: 20 * MINUTE }) },
				{ weight: 1, arbitrary: fc.integer({ min: HOUR, max: 3 * DAY }) },
			),
			event: fc.oneof(
				{ weight: 8, arbitrary: fc.constant('poll' as const) },
				{ weight: 1, arbitrary: fc.constant('failingPoll' as const) },
				{ weight: 1, arbitrary: fc.constant('crash' as const) },
				{ weight: 1, arbitrary: fc.constant('reactivate' as const) },
			),
			mostDelivered: fc.constantFrom(Infinity, 1, 2),
		}),
		{ minLength: 1, maxLength: 60 },
	);
	const worlds = fc.record({
		lives,
		steps,
		clockIsWrongBy: fc.integer({ min: -6 * HOUR, max: 6 * HOUR }),
		storesEveryPoll: fc.boolean(),
		copy: fc.record({
			lag: fc.integer({ min: 0, max: 2 * MINUTE }),
			answers: fc.array(fc.boolean(), { minLength: 1, maxLength: 7 }),
		}),
	});
	fc.assert(
		fc.property(worlds, ({ lives: given, steps: taken, clockIsWrongBy, storesEveryPoll, copy }) => {
			const tenant = new SimulatedTenant(NOON, given, copy);
			const trigger = new SimulatedTrigger(tenant, { clockIsWrongBy, storesEveryPoll });
			let time = NOON;
			trigger.activate(time);
			for (const { pause, event, mostDelivered } of taken) {
				time += pause;
				trigger.step(event, time, mostDelivered);
			}
			// Until everything has ended and has had its turn.
			for (let day = 0; day < 6; day++) {
				time += DAY;
				trigger.step('poll', time, Infinity);
			}
			const expected = tenant.endedAfter(NOON);
			expect(trigger.firedTwice()).toEqual([]);
			expect(expected.filter((id) => !trigger.fired.includes(id))).toEqual([]);
			expect(trigger.fired.filter((id) => tenant.wasHistory(id, NOON))).toEqual([]);
		}),
		{ numRuns: 1000, seed: fixedSeed },
	);
});
