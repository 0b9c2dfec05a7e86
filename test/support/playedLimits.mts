/** A service that counts calls as the Defender API may, and callers that keep to a budget. */
import { RateWindows } from '../../emulator/defender/rateWindows.mts';
import { settingsFrom } from '../../emulator/settings.mts';
import type {
	Answered,
	RateBudget,
	Turn,
} from '../../nodes/DefenderLiveResponse/limits/rateBudget';
import type { Lane } from '../../nodes/DefenderLiveResponse/limits/rateLimits';
import type { VirtualClock } from './virtualClock.mts';

export interface Limits {
	readonly callsPerMinute: number;
	readonly callsPerHour: number;
	readonly runsPerMinute: number;
}

/** As Microsoft documents them, for one app registration. */
export const documentedLimits: Limits = {
	callsPerMinute: 100,
	callsPerHour: 1500,
	runsPerMinute: 10,
};

/**
 * How the service counts: in windows that move on, with a Retry-After; or, as far as anybody knows, in windows that
 * begin anew for all, refused calls included, with words alone.
 */
export type Counting = 'plain' | 'harsh';

/** Of one call; none needs so many. */
const MOST_TRIES = 1000;

interface PlayedSettings {
	/** Default `plain`. */
	readonly counting?: Counting;
	/** Default: as documented. */
	readonly limits?: Limits;
	/** Where in a fixed window time begins; default 20 seconds. */
	readonly intoTheWindowMs?: number;
}

export class PlayedLimits {
	calls = 0;
	refused = 0;
	/** When each was taken, in the order of the times. */
	readonly takenAt: number[] = [];
	private readonly clock: VirtualClock;
	private readonly settings: Required<PlayedSettings>;
	private readonly windows: RateWindows;

	constructor(clock: VirtualClock, settings: PlayedSettings = {}) {
		const { counting = 'plain', limits = documentedLimits, intoTheWindowMs = 20_000 } = settings;
		this.clock = clock;
		this.settings = { counting, limits, intoTheWindowMs };
		const all = { ...limits, sessions: Infinity };
		this.windows = new RateWindows(settingsFrom({ profile: counting, limits: all }));
	}

	call(lane: Lane, app = 'app'): Answered {
		const { counting, limits, intoTheWindowMs } = this.settings;
		const now = this.clock.now();
		const spent = this.windows.admit(app, now + intoTheWindowMs, lane);
		if (spent === undefined) {
			this.calls++;
			this.takenAt.push(now);
			return 'counted';
		}
		this.refused++;
		const retryAfterMs = Math.ceil(spent.waitMs / 1000) * 1000;
		const own = lane === 'run' ? 'runs' : 'minute';
		if (counting === 'plain') return { limit: own, isNamed: false, retryAfterMs };
		const isOfRuns = lane === 'run' && spent.allowed === limits.runsPerMinute;
		return { limit: isOfRuns ? 'runs' : spent.per, isNamed: true, retryAfterMs: null };
	}
}

export const turn = (more: Partial<Turn> = {}): Turn => ({
	owner: 'execution',
	lane: 'call',
	limits: documentedLimits,
	since: 0,
	isAgain: false,
	maxHoldMs: Infinity,
	maxSessionWaitMs: Infinity,
	...more,
});

interface Service {
	call(lane: Lane): Answered;
}

interface Call extends Pick<Turn, 'owner' | 'lane' | 'limits'> {
	/** How long a call or its answer is under way. */
	wayMs(): number;
}

/**
 * Makes a call, and repeats it until it is taken.
 * @returns how often it was refused
 */
export async function makeCall(
	budget: RateBudget,
	service: Service,
	clock: VirtualClock,
	{ wayMs, ...call }: Call,
): Promise<number> {
	const since = clock.now();
	for (let refusals = 0; refusals < MOST_TRIES; refusals++) {
		const { admission } = budget.ask(turn({ ...call, since, isAgain: refusals > 0 }));
		const admitted = await admission;
		if (admitted.kind !== 'admitted') throw new Error(admitted.kind);
		await clock.sleep(wayMs());
		const how = service.call(call.lane);
		await clock.sleep(wayMs());
		admitted.answered(how);
		if (how === 'counted') return refusals;
	}
	throw new Error('The service refuses everything');
}

interface Calls {
	count: number;
	/** As many items as the node serves side by side. */
	atOnce?: number;
	answerMs?: number;
	owner?: string;
	lane?: Lane;
	done?(call: number): void;
}

/**
 * Makes calls, each answered after `answerMs`, and repeats what was refused.
 * @returns how often the one that was refused most often was refused
 */
export async function makeCalls(
	budget: RateBudget,
	service: Service,
	clock: VirtualClock,
	{ count, atOnce = count, answerMs = 100, owner = 'execution', lane = 'call', done }: Calls,
): Promise<number> {
	let [next, mostRefusals] = [0, 0];
	const call = { owner, lane, limits: documentedLimits, wayMs: () => answerMs / 2 };
	const worker = async () => {
		while (next < count) {
			const number = next++;
			const refusals = await makeCall(budget, service, clock, call);
			mostRefusals = Math.max(mostRefusals, refusals);
			done?.(number);
		}
	};
	await Promise.all(Array.from({ length: Math.min(atOnce, count) }, worker));
	return mostRefusals;
}
