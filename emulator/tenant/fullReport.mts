import { toApiTime } from '../clock.mts';
import type { Device } from './device.mts';

const hour = 3_600_000;
const day = 24 * hour;

/**
 * Sets `lastSeen` to the last full report. A device sends one a day, at its own time of day, if it is online then:
 * it says little about presence, and a device that comes back is not seen at once.
 * @param now emulated milliseconds since 1970
 */
export function bringReportUpToDate(device: Device, now: number): void {
	if (!device.online) return;
	const last = Date.parse(device.machine.lastSeen);
	const latest = last + Math.floor((now - last) / day) * day;
	if (latest > last && latest >= device.onlineSince) device.machine.lastSeen = toApiTime(latest);
}

/** How long ago the nth device of a tenant has reported: between one and 24 hours, in milliseconds. */
export function reportAge(n: number): number {
	return (((n * 7) % 23) + 1) * hour;
}
