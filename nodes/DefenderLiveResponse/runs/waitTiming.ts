import type { Connection } from '../transport/connection';
import { option } from '../inputs/parameters';
import type { ItemInputs } from '../inputs/nodeContext';

const MINUTE_MS = 60_000;
const DEFAULT_MAX_WAIT_MINUTES = 15;
const DEFAULT_POLL_INTERVAL_SECONDS = 10;
/** Polling faster only spends the budget that every user of the app shares. */
const SHORTEST_INTERVAL_SECONDS = 1;

/** How often to look, and until when; counted from the moment it is asked for. */
export function waitTiming(
	context: ItemInputs,
	connection: Connection,
): { intervalMs: number; deadline: number } {
	const interval = option(context, 'pollIntervalSeconds', DEFAULT_POLL_INTERVAL_SECONDS);
	const maxWait = option(context, 'maxWaitMinutes', DEFAULT_MAX_WAIT_MINUTES);
	return {
		intervalMs: Math.max(SHORTEST_INTERVAL_SECONDS, interval) * 1000,
		deadline: connection.clock.now() + Math.max(0, maxWait) * MINUTE_MS,
	};
}
