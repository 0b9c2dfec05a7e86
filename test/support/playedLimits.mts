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

export const documentedLimits = { callsPerMinute: 100, callsPerHour: 1500 };

/** `harsh`: windows that begin anew for all, refused calls that count, no Retry-After but words. */
export type Counting = 'plain' | 'harsh';

/** Of one call; none needs so many. */
const MOST_TRIES = 1000;

export class PlayedLimits {
	calls = 0;
	refused = 0;
	/** When each was taken, in the order of the times. */
	readonly takenAt: number[] = [];
	private readonly windows: RateWindows;

	/** @param intoTheWindowMs where in a fixed window the tests begin */
	constructor(
		private readonly clock: VirtualClock,
		private readonly counting: Counting = 'plain',
		private readonly intoTheWindowMs = 20_000,
	) {
		const limits = { ...documentedLimits, runsPerMinute: 10, sessions: Infinity };
		this.windows = new RateWindows(settingsFrom({ profile: counting, limits }));
	}

	call(lane: Lane): Answered {
		const now = this.clock.now();
		const spent = this.windows.admit('app', now + this.intoTheWindowMs, lane);
		if (spent === undefined) {
			this.calls++;
			this.takenAt.push(now);
			return 'counted';
		}
		this.refused++;
		const retryAfterMs = Math.ceil(spent.waitMs / 1000) * 1000;
		const own = lane === 'run' ? 'runs' : 'minute';
		if (this.counting === 'plain') return { limit: own, isNamed: false, retryAfterMs };
		const limit = spent.allowed === 10 ? 'runs' : spent.per;
		return { limit, isNamed: true, retryAfterMs: null };
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
	service: Pick<PlayedLimits, 'call'>,
	clock: VirtualClock,
	{ count, atOnce = count, answerMs = 100, owner = 'execution', lane = 'call', done }: Calls,
): Promise<number> {
	let [next, mostRefusals] = [0, 0];
	const one = async (call: number) => {
		const since = clock.now();
		for (let tries = 0; tries < MOST_TRIES; tries++) {
			const { admission } = budget.ask(turn({ owner, lane, since, isAgain: tries > 0 }));
			const admitted = await admission;
			if (admitted.kind !== 'admitted') throw new Error(admitted.kind);
			await clock.sleep(answerMs / 2);
			const how = service.call(lane);
			await clock.sleep(answerMs / 2);
			admitted.answered(how);
			if (how === 'counted') return done?.(call);
			mostRefusals = Math.max(mostRefusals, tries + 1);
		}
		throw new Error('The service refuses everything');
	};
	const worker = async () => {
		while (next < count) await one(next++);
	};
	await Promise.all(Array.from({ length: Math.min(atOnce, count) }, worker));
	return mostRefusals;
}
