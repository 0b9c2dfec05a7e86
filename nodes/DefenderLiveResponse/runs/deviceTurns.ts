import type { Connection } from '../transport/connection';
import { Recent } from './recent';
import { unlessStopped } from '../transport/onStop';

/** The service was seen to take two starts within about a second for one. */
const APART_MS = 2000;

/** When the last start on a device was answered, and those before it. */
const turns = new Recent<Promise<number>>(5000);

/** Starts on one device go one after the other, and some time apart. */
export async function inTurn<T>(
	{ app, clock, signal }: Connection,
	machineId: string,
	start: () => Promise<T>,
): Promise<T> {
	const device = JSON.stringify([app.tenantId, machineId].map((id) => id.toLowerCase()));
	const before = turns.get(device);
	const started = (async () => {
		const last = before && (await unlessStopped(before, signal));
		const waitMs = last === undefined ? 0 : last + APART_MS - clock.now();
		if (waitMs > 0) await clock.sleep(waitMs, signal);
		// Stopped or not: a call of a stopped execution is not sent.
		return await start();
	})();
	const answered = started.then(
		() => clock.now(),
		() => clock.now(),
	);
	turns.set(
		device,
		answered.then(async (at) => Math.max(at, (await before) ?? at)),
	);
	return await started;
}
