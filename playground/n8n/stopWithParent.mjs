/**
 * Loaded into n8n before it starts: ends n8n when the program that started it is gone, however it
 * went. The processes that n8n itself starts load this too; they have no such input, and end with
 * n8n. So do its worker threads, one of which writes the event log that crash recovery reads.
 */
import { fstatSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

if (isMainThread && (fstatSync(0).isSocket() || fstatSync(0).isFIFO())) {
	process.stdin.on('end', () => process.kill(process.pid, 'SIGTERM'));
	process.stdin.on('error', () => process.kill(process.pid, 'SIGTERM'));
	process.stdin.resume();
	process.stdin.unref();
}
