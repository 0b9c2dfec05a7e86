/**
 * Loaded into n8n before it starts: writes what is left on its heap after a garbage collection to a
 * file in the folder that the query names (`?folder=...`), every ten seconds. The file's name is the
 * process's id: n8n's other processes and threads load this too.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

const folder = new URL(import.meta.url).searchParams.get('folder');
const file = `${folder}/${process.pid}.heap`;
const everyMs = 10_000;

if (isMainThread) {
	setFlagsFromString('--expose-gc');
	const collectGarbage = runInNewContext('gc');

	setInterval(() => {
		collectGarbage();
		writeFileSync(`${file}.part`, String(process.memoryUsage().heapUsed));
		renameSync(`${file}.part`, file);
	}, everyMs).unref();
}
