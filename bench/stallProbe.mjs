/**
 * Loaded into n8n before it starts: notes each time its event loop stood still for longer than 20 ms, as lines of when
 * that ended and how long it was, in a file of the folder that the query names (`?folder=...`).
 */
import { appendFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const folder = new URL(import.meta.url).searchParams.get('folder');
const leastMs = 20;
const everyMs = 5;

if (isMainThread) {
	let last = performance.now();
	setInterval(() => {
		const now = performance.now();
		const stoodMs = now - last - everyMs;
		if (stoodMs > leastMs)
			appendFileSync(`${folder}/${process.pid}.stalls`, `${Date.now()} ${stoodMs}\n`);
		last = performance.now();
	}, everyMs).unref();
}
