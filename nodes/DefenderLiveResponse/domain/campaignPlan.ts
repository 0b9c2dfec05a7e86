/** What a campaign may start now, and on what it has waited long enough. */
import { lastAskedAt, type CampaignDevice, type DeviceStanding } from './campaignDevice';
import { createdAt, hasBegun, isFinished, type MachineAction } from './machineAction';

/** A device with its state. */
export interface Standing extends DeviceStanding {
	device: CampaignDevice;
}

/**
 * How many more may be started: what a device has not picked up may hold a session of the tenant as
 * well, and takes half of the places at the most.
 */
export function placesLeft(
	standings: readonly Pick<Standing, 'state'>[],
	maxUnfinished: number,
): number {
	const count = (wanted: string) => standings.filter(({ state }) => state === wanted).length;
	const [pending, running] = [count('pending'), count('running')];
	const half = Math.max(1, Math.floor(maxUnfinished / 2));
	return Math.max(0, Math.min(half - pending, maxUnfinished - pending - running));
}

/**
 * The devices to ask, in their order: those that reported last first, because they are the most
 * likely to be online; then those that were asked since they last reported, the longest ago first.
 * @param isBusy whether something else is unfinished on the device
 */
export function startOrder(
	standings: readonly Standing[],
	isBusy: (machineId: string) => boolean,
): Standing[] {
	const free = standings
		.filter(({ state, device }) => state === 'queued' && !isBusy(device.machineId))
		.map((standing) => {
			const seenAt = Date.parse(standing.device.lastSeen ?? '') || 0;
			return { standing, seenAt, askedAt: lastAskedAt(standing.device) ?? -Infinity };
		});
	const asked = free.filter(({ seenAt, askedAt }) => askedAt >= seenAt);
	const others = free.filter(({ seenAt, askedAt }) => askedAt < seenAt);
	return [
		...others.sort((a, b) => b.seenAt - a.seenAt),
		...asked.sort((a, b) => a.askedAt - b.askedAt),
	].map(({ standing }) => standing);
}

/**
 * Attempts that no device has picked up for too long, longest first. One beside which something else
 * is unfinished on the device stays: cancelling one of two was seen to cancel both.
 * @param unfinished ids of all unfinished live responses, by the device (its id in lower case)
 */
export function toGiveUp(
	attempts: readonly MachineAction[],
	unfinished: ReadonlyMap<string, readonly string[]>,
	before: number,
): MachineAction[] {
	return attempts
		.filter((action) => (createdAt(action) ?? Infinity) <= before && mayCancel(action, unfinished))
		.sort((a, b) => (createdAt(a) ?? 0) - (createdAt(b) ?? 0));
}

/** Whether cancelling it ends this one and nothing else. */
export function mayCancel(
	action: MachineAction,
	unfinished: ReadonlyMap<string, readonly string[]>,
): boolean {
	const onDevice = unfinished.get(action.machineId?.toLowerCase() ?? '') ?? [];
	return (
		action.status === 'Pending' &&
		action.cancellationDateTimeUtc === null &&
		!action.commands.some(hasBegun) &&
		onDevice.every((id) => id === action.id)
	);
}

/** Ids of unfinished actions by the device they are on (its id in lower case). */
export function unfinishedByDevice(actions: readonly MachineAction[]): Map<string, string[]> {
	const found = new Map<string, string[]>();
	for (const action of actions) {
		if (isFinished(action)) continue;
		const machineId = action.machineId?.toLowerCase() ?? '';
		found.set(machineId, [...(found.get(machineId) ?? []), action.id]);
	}
	return found;
}
