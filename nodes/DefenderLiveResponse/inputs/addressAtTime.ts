import { filterNamed, ipAddressOf } from './machineFilters';
import type { ItemInputs } from './nodeContext';
import { fieldError } from './rejection';
import { timeOf } from './time';

/** Microsoft keeps addresses for 30 days; an older time would be refused without saying so. */
const KEPT_MS = 30 * 24 * 3_600_000;

/**
 * An address and the time (ISO 8601, UTC) at which a device had it; null when no address is given.
 * @param now milliseconds since 1970
 */
export function addressAtTime(
	context: ItemInputs,
	now: number,
): { ip: string; time: string } | null {
	const ip = ipAddressOf(context, filterNamed('ipAddress'));
	const time = timeOf(context, filterNamed('ipAddressTime'));
	if (ip === '') {
		if (time === undefined) return null;
		throw fieldError(context, "'IP Address at Time' is set without 'IP Address'", {
			description: "Add the filter 'IP Address', or use 'Last Seen After' and 'Last Seen Before'.",
		});
	}
	if (time !== undefined && Date.parse(time) < now - KEPT_MS) {
		throw fieldError(context, "'IP Address at Time' is more than 30 days ago", {
			description: 'Defender keeps for 30 days which device had which address.',
		});
	}
	return { ip, time: time ?? new Date(now).toISOString() };
}
