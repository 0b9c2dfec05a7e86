import type { Patience } from '../inputs/patience';
import type { Connection } from '../transport/connection';

/** How often to look, and until when; counted from the moment it is asked for. */
export function waitTiming(
	{ intervalMs, maxWaitMs }: Patience,
	connection: Connection,
): { intervalMs: number; deadline: number } {
	return { intervalMs, deadline: connection.clock.now() + maxWaitMs };
}
