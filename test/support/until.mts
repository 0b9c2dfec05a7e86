import { setTimeout as sleep } from 'node:timers/promises';

const shortestPauseMs = 2;
/** A condition that takes long to look at (n8n is asked over HTTP) is looked at less often. */
const pausesForEachLook = 5;

type Nothing = false | undefined;

/**
 * Looks again and again until `condition` gives something true.
 * @param what is waited for, for the error: 'the ticket', 'two looks at the device'
 * @param seconds at the most; less than the test may take, so that the error is seen
 * @returns what `condition` gave
 * @throws Error naming `what`
 */
export async function until<Seen>(
	condition: () => Seen | Nothing | Promise<Seen | Nothing>,
	what: string | (() => string),
	seconds: number,
): Promise<Seen> {
	const deadline = performance.now() + seconds * 1000;
	while (performance.now() <= deadline) {
		const began = performance.now();
		const seen = await condition();
		if (seen) return seen;
		const lookedMs = performance.now() - began;
		await sleep(Math.max(shortestPauseMs, lookedMs * pausesForEachLook));
	}
	const waitedFor = typeof what === 'string' ? what : what();
	const error = new Error(`Waited ${seconds} s in vain for ${waitedFor}`);
	// Jest then shows the line of the test.
	Error.captureStackTrace(error, until);
	throw error;
}
