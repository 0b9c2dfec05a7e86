/** The rules of a campaign, each by itself: which state a device is in, and what is started now. */
import fc from 'fast-check';

import { CLOCK_DIFFERENCE_MS } from '../../../nodes/DefenderLiveResponse/domain/actionTimes';
import {
	contradictionIn,
	type CampaignTerms,
} from '../../../nodes/DefenderLiveResponse/domain/campaign';
import {
	attemptOutcome,
	type AttemptOutcome,
} from '../../../nodes/DefenderLiveResponse/domain/campaignAttempt';
import {
	standingOf,
	type CampaignDevice,
} from '../../../nodes/DefenderLiveResponse/domain/campaignDevice';
import {
	placesLeft,
	startOrder,
	toGiveUp,
	unfinishedByDevice,
	type Standing,
} from '../../../nodes/DefenderLiveResponse/domain/campaignPlan';
import { totalsOf } from '../../../nodes/DefenderLiveResponse/domain/campaignTotals';
import type { MachineAction } from '../../../nodes/DefenderLiveResponse/domain/machineAction';
import { machineActionOf } from '../../../nodes/DefenderLiveResponse/domain/sentAction';
import { fixedSeed } from '../../support/fixedSeed.mts';

fc.configureGlobal({ seed: fixedSeed, numRuns: 300 });

const NOW = Date.UTC(2026, 0, 10, 12);
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const DEVICE = 'a'.repeat(40);

const terms: CampaignTerms = {
	campaign: '00ff00ff00ff00ff',
	startsAt: NOW - 24 * HOUR_MS,
	expiresAt: NOW + 24 * HOUR_MS,
	seenWithinMs: 48 * HOUR_MS,
	maxAttempts: 3,
};

let made = 0;

interface Made {
	status?: string;
	commandStatus?: string;
	startTime?: string | null;
	errors?: string[];
	minutesAgo?: number;
	machineId?: string;
	fingerprint?: string;
	canceledAt?: string;
	commands?: unknown;
}

function action(more: Made = {}): MachineAction {
	const { status = 'Succeeded', commandStatus = 'Completed', startTime = null, errors = [] } = more;
	const { minutesAgo = 60, machineId = DEVICE, fingerprint = 'f1', canceledAt = null } = more;
	const time = new Date(NOW - minutesAgo * MINUTE_MS).toISOString();
	return machineActionOf({
		id: `00000000-0000-0000-0000-${String(++made).padStart(12, '0')}`,
		type: 'LiveResponse',
		status,
		machineId,
		requestorComment: `[n8n s=1 w=2 e=3 n=4 r=0 i=0 f=${fingerprint} c=${terms.campaign}]`,
		creationDateTimeUtc: time,
		lastUpdateDateTimeUtc: time,
		cancellationDateTimeUtc: canceledAt,
		commands: more.commands ?? [
			{ index: 0, commandStatus, startTime, errors, command: { type: 'RunScript', params: [] } },
		],
	})!;
}

const device = (more: Partial<CampaignDevice> = {}): CampaignDevice => ({
	machineId: DEVICE,
	computerDnsName: 'pc.contoso.example',
	lastSeen: new Date(NOW - HOUR_MS).toISOString(),
	actions: [],
	isNoted: false,
	rejection: null,
	...more,
});

const stateOf = (more: Partial<CampaignDevice>, at = NOW) =>
	standingOf(device(more), terms, at).state;
const standing = (more: Partial<CampaignDevice> = {}): Standing => {
	const known = device(more);
	return { device: known, ...standingOf(known, terms, NOW) };
};

const SUCCEEDED = { status: 'Succeeded' };
const PARTLY = { status: 'Cancelled', commandStatus: 'Completed' };
const PENDING = { status: 'Pending', commandStatus: 'Created' };
const RUNNING = { status: 'InProgress', commandStatus: 'Executing' };
const FAILED = { status: 'Failed', commandStatus: 'Failed', errors: ['No.'] };
const LOST = { status: 'TimeOut', commandStatus: 'Executing' };
const NOT_BEGUN = { status: 'Failed', commandStatus: 'Created' };
const TIMED_OUT = { status: 'TimeOut', commandStatus: 'Created' };
const CANCELLED = { status: 'Cancelled', commandStatus: 'Created' };

describe('what a machine action means for its device', () => {
	it.each<[string, Made, AttemptOutcome]>([
		['it succeeded', SUCCEEDED, 'done'],
		['it was cancelled too late: the script is through', PARTLY, 'done'],
		[
			'its script is through, and the action not yet',
			{ ...RUNNING, commandStatus: 'Completed' },
			'done',
		],
		['it waits for the device', PENDING, 'pending'],
		['it runs', RUNNING, 'running'],
		['its status is one that Defender has added', { ...RUNNING, status: 'Resuming' }, 'running'],
		['its script failed', FAILED, 'failed'],
		['nobody knows how it ended', LOST, 'failed'],
		['it began and was cancelled', { ...CANCELLED, startTime: '2026-01-10T11:00:00Z' }, 'failed'],
		['it ended and Defender shows no command', { status: 'TimeOut', commands: [] }, 'failed'],
		['it failed before it began', NOT_BEGUN, 'notBegun'],
		['the device did not take it up in time', TIMED_OUT, 'none'],
		['it was cancelled before', CANCELLED, 'none'],
	])('%s', (_what, made_, outcome) => {
		expect(attemptOutcome(action(made_))).toBe(outcome);
	});
});

describe('the state of a device', () => {
	it.each<[string, Made[], string, number]>([
		['was not asked', [], 'queued', 0],
		['has answered, whatever came before and after', [PENDING, SUCCEEDED, FAILED], 'done', 3],
		['is being asked', [PENDING], 'pending', 1],
		['is at work', [RUNNING], 'running', 1],
		['failed once and for all', [FAILED], 'failed', 1],
		['may come again after two attempts that did not begin', [NOT_BEGUN, NOT_BEGUN], 'queued', 2],
		['has failed after the third of them', [NOT_BEGUN, NOT_BEGUN, NOT_BEGUN], 'failed', 3],
		[
			'what it never took up is no attempt',
			[TIMED_OUT, CANCELLED, TIMED_OUT, CANCELLED],
			'queued',
			0,
		],
	])('%s', (_what, actions, state, attempts) => {
		const known = device({ actions: actions.map(action) });
		expect(standingOf(known, terms, NOW)).toMatchObject({ state, attempts });
	});

	it('an attempt whose answer was lost counts as running, also after an earlier one', () => {
		expect(stateOf({ isNoted: true })).toBe('running');
		expect(stateOf({ isNoted: true, actions: [action(NOT_BEGUN)] })).toBe('running');
	});

	it('without a report for 48 hours it is offline, and so it is without any', () => {
		const lastSeen = (hours: number) => new Date(NOW - hours * HOUR_MS).toISOString();
		expect(stateOf({ lastSeen: lastSeen(48) })).toBe('queued');
		expect(stateOf({ lastSeen: lastSeen(49) })).toBe('offline');
		expect(stateOf({ lastSeen: null })).toBe('offline');
	});

	it('after the end it has expired, unless it has an answer or is at work', () => {
		const { expiresAt } = terms;
		expect(stateOf({}, expiresAt)).toBe('expired');
		expect(stateOf({ lastSeen: null }, expiresAt)).toBe('expired');
		expect(stateOf({ actions: [action()] }, expiresAt)).toBe('done');
		expect(stateOf({ actions: [action(PENDING)] }, expiresAt)).toBe('pending');
		expect(stateOf({ actions: [action(FAILED)] }, expiresAt)).toBe('failed');
	});

	it('says why it has failed in the words of Defender', () => {
		expect(standingOf(device({ actions: [action(FAILED)] }), terms, NOW).reason).toBe('No.');
	});

	const anyAction = fc
		.constantFrom(
			SUCCEEDED,
			PARTLY,
			PENDING,
			RUNNING,
			FAILED,
			LOST,
			NOT_BEGUN,
			TIMED_OUT,
			CANCELLED,
		)
		.chain((kind) =>
			fc.integer({ min: 0, max: 100_000 }).map((minutesAgo) => action({ ...kind, minutesAgo })),
		);
	const anyDevice = fc.record({
		actions: fc.array(anyAction, { maxLength: 6 }),
		isNoted: fc.boolean(),
		lastSeen: fc.option(
			fc.integer({ min: 0, max: 100 }).map((h) => new Date(NOW - h * HOUR_MS).toISOString()),
		),
	});

	it('a device that has answered is done for ever: nothing that comes later changes it', () => {
		fc.assert(
			fc.property(anyDevice, anyDevice, fc.integer({ min: 0, max: 1e10 }), (one, more, later) => {
				const answered = { ...one, actions: [...one.actions, action()] };
				const after = { ...more, actions: [...more.actions, ...answered.actions] };
				expect(stateOf(after, NOW + later)).toBe('done');
			}),
		);
	});

	it('is queued only where nothing has begun, is under way, or may be', () => {
		fc.assert(
			fc.property(anyDevice, (known) => {
				if (stateOf(known) !== 'queued') return;
				const outcomes = known.actions.map(attemptOutcome);
				expect(outcomes.every((outcome) => ['notBegun', 'none'].includes(outcome))).toBe(true);
				expect(known.isNoted).toBe(false);
			}),
		);
	});

	it('does not depend on the order of the list', () => {
		fc.assert(
			fc.property(anyDevice, (known) => {
				const turned = { ...known, actions: [...known.actions].reverse() };
				expect(stateOf(turned)).toBe(stateOf(known));
			}),
		);
	});
});

describe('what is started now', () => {
	const many = (state: Standing['state'], count: number) =>
		Array.from({ length: count }, () => ({ state }));

	it.each([
		['nothing is unfinished', [], 20, 10],
		['half of the places are taken by what waits', many('pending', 10), 20, 0],
		['what waits leaves some', many('pending', 7), 20, 3],
		['all run', many('running', 20), 20, 0],
		['many run', many('running', 15), 20, 5],
		['a single place', [], 1, 1],
		['what is done takes none', many('done', 100), 20, 10],
	])('places: %s', (_what, standings, maxUnfinished, places) => {
		expect(placesLeft(standings, maxUnfinished)).toBe(places);
	});

	it('never more than the places, and never more than half of them pending', () => {
		const states = fc.array(fc.constantFrom('pending', 'running', 'queued', 'done'), {
			maxLength: 60,
		});
		fc.assert(
			fc.property(states, fc.integer({ min: 1, max: 50 }), (known, most) => {
				const standings = known.map((state) => ({ state }) as Pick<Standing, 'state'>);
				const places = placesLeft(standings, most);
				const count = (state: string) => known.filter((other) => other === state).length;
				expect(places).toBeGreaterThanOrEqual(0);
				if (places === 0) return;
				expect(places + count('pending')).toBeLessThanOrEqual(Math.max(1, Math.floor(most / 2)));
				expect(places + count('pending') + count('running')).toBeLessThanOrEqual(most);
			}),
		);
	});

	const seen = (machineId: string, hoursAgo: number, actions: MachineAction[] = []) =>
		standing({
			machineId,
			lastSeen: new Date(NOW - hoursAgo * HOUR_MS).toISOString(),
			actions,
		});

	it('those seen last come first, then those that were asked since, the longest ago first', () => {
		const asked = (minutesAgo: number) => [action({ ...CANCELLED, minutesAgo })];
		const order = startOrder(
			[
				seen('asked lately', 5, asked(61)),
				seen('asked long ago', 6, asked(200)),
				seen('seen long ago', 20),
				seen('seen lately', 1),
				seen('seen since it was asked', 2, asked(180)),
				seen('busy', 0),
			],
			(id) => id === 'busy',
		);
		expect(order.map((one) => one.device.machineId)).toEqual([
			'seen lately',
			'seen since it was asked',
			'seen long ago',
			'asked long ago',
			'asked lately',
		]);
	});

	it('nothing but what is queued', () => {
		const others = [[action()], [action(PENDING)], [action(RUNNING)], [action(FAILED)]];
		const standings = others.map((actions) => standing({ actions }));
		expect(startOrder(standings, () => false)).toEqual([]);
	});
});

describe('what is given up', () => {
	const before = NOW - HOUR_MS;
	const givenUp = (attempts: MachineAction[], beside: MachineAction[] = []) =>
		toGiveUp(attempts, unfinishedByDevice([...attempts, ...beside]), before);

	it('what waits for an hour, the longest first', () => {
		const on = (machineId: string, minutesAgo: number) =>
			action({ ...PENDING, machineId, minutesAgo });
		const attempts = [on('1', 59), on('2', 61), on('3', 90)];
		expect(givenUp(attempts).map(({ machineId }) => machineId)).toEqual(['3', '2']);
	});

	it.each([
		['runs', RUNNING],
		['is over', SUCCEEDED],
		['is being cancelled', { ...PENDING, canceledAt: '2026-01-10T11:30:00Z' }],
		['has begun although its action does not say so', { ...PENDING, commandStatus: 'Executing' }],
	])('nothing that %s', (_what, kind) => {
		expect(givenUp([action({ ...kind, minutesAgo: 90 })])).toEqual([]);
	});

	it('nothing beside which something else is unfinished on the device, as one cancels both', () => {
		const attempt = action({ ...PENDING, minutesAgo: 90 });
		expect(givenUp([attempt], [action(RUNNING)])).toEqual([]);
		expect(givenUp([attempt], [action(SUCCEEDED)])).toEqual([attempt]);
	});
});

describe('what does not fit what is asked now', () => {
	const same = () => 'f1';
	const kindOf = (
		attempts: MachineAction[],
		startsAt: number,
		asked: (id: string) => string | null,
	) => contradictionIn(attempts, { startsAt }, asked).kind;

	it('an attempt from before the start, by more than clocks may differ', () => {
		const attempts = [action({ minutesAgo: 60 })];
		const created = NOW - 60 * MINUTE_MS;
		expect(kindOf(attempts, created + CLOCK_DIFFERENCE_MS, same)).toBe('none');
		expect(kindOf(attempts, created + CLOCK_DIFFERENCE_MS + 1, same)).toBe('older');
	});

	it('an attempt with another script or other arguments on a device that is asked now', () => {
		const attempts = [action(), action({ fingerprint: 'f2' })];
		expect(kindOf(attempts, terms.startsAt, same)).toBe('otherCommands');
		expect(kindOf(attempts, terms.startsAt, () => null)).toBe('none');
		expect(kindOf(attempts.slice(0, 1), terms.startsAt, same)).toBe('none');
	});
});

describe('how far a campaign is', () => {
	const limits = { startsPerMinute: 10, startsAt: terms.startsAt, expiresAt: terms.expiresAt };
	const totals = (standings: Standing[]) => totalsOf(standings, limits, NOW);

	it('counts every device once', () => {
		const standings = [
			standing(),
			standing({ lastSeen: null }),
			standing({ actions: [action()] }),
			standing({ actions: [action(FAILED)] }),
			standing({ actions: [action(PENDING)] }),
			standing({ actions: [action(RUNNING)] }),
		];
		expect(totals(standings)).toMatchObject({
			...{ devices: 6, done: 1, failed: 1, running: 1, pending: 1, queued: 1, offline: 1 },
			...{ expired: 0, finished: false },
		});
	});

	it('is finished when nothing is left to ask, also of devices that are away', () => {
		expect(totals([standing({ actions: [action()] })])).toMatchObject({
			finished: true,
			estimatedMinutesLeft: 0,
		});
		expect(totals([standing({ lastSeen: null })])).toMatchObject({
			finished: false,
			estimatedMinutesLeft: null,
		});
	});

	it('estimates by the pace of the last hour, and by the limit before there is one', () => {
		const queued = Array.from({ length: 100 }, () => standing());
		expect(totals(queued).estimatedMinutesLeft).toBe(10);
		const answered = Array.from({ length: 30 }, () =>
			standing({ actions: [action({ minutesAgo: 20 })] }),
		);
		expect(totals([...queued, ...answered]).estimatedMinutesLeft).toBe(200);
	});
});
