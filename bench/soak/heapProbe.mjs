/**
 * Loaded into n8n before it starts: writes what is left on its heap after a garbage collection to the
 * file that the query names (`?file=...`), every ten seconds.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const file = new URL(import.meta.url).searchParams.get('file');
const everyMs = 10_000;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

setInterval(() => {
	collectGarbage();
	writeFileSync(`${file}.part`, String(process.memoryUsage().heapUsed));
	renameSync(`${file}.part`, file);
}, everyMs).unref();
