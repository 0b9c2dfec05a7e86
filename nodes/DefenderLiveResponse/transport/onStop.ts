import { sleep } from 'n8n-workflow';

/** What waits for the end of a run, by its signal, which has one listener for all of them. */
const waiting = new WeakMap<AbortSignal, Set<() => void>>();

/** What each sets off takes n8n a millisecond at most: so many in one turn do not keep it from anything else. */
export const MOST_IN_A_TURN = 20;

/**
 * Calls `stop` once when the signal aborts, unless the function that comes back was called before. However
 * many wait, they are told a few at a time, with room between for whatever else n8n does.
 */
export function onStop(signal: AbortSignal | undefined, stop: () => void): () => void {
	if (signal?.aborted) stop();
	if (!signal || signal.aborted) return () => {};
	const stops = waiting.get(signal) ?? new Set();
	if (!waiting.has(signal)) {
		waiting.set(signal, stops);
		signal.addEventListener('abort', () => void inTurns(stops), { once: true });
	}
	stops.add(stop);
	return () => stops.delete(stop);
}

/** What the work comes to; undefined as soon as the execution is stopped, while the work goes on. */
export async function unlessStopped<T>(
	work: Promise<T>,
	signal: AbortSignal | undefined,
): Promise<T | undefined> {
	if (!signal) return await work;
	if (signal.aborted) return undefined;
	let forget = () => {};
	const stopped = new Promise<undefined>((resolve) => {
		forget = onStop(signal, () => resolve(undefined));
	});
	try {
		return await Promise.race([work, stopped]);
	} finally {
		forget();
	}
}

/** Takes each out and calls it; the first ones not in the moment in which n8n stops whatever it stops. */
async function inTurns(calls: Set<() => void>): Promise<void> {
	let called = 0;
	for (const call of calls) {
		if (called++ % MOST_IN_A_TURN === 0) await sleep(0);
		if (calls.delete(call)) call();
	}
}
