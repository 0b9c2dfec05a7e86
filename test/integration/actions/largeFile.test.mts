import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createGzip } from 'node:zlib';

import { build } from 'esbuild';

import { contosoActions, type Emulator } from '../../../emulator/emulator.mts';
import { startFileServer, type FileServer } from '../../support/fileServer.mts';
import type { MeasuredDownload } from '../../support/measuredDownload.mts';
import { startTestEmulator } from '../../support/testEmulator.mts';

const root = join(__dirname, '../../..');
const MEGABYTE = 1024 * 1024;
const GIGABYTE = 1024 * MEGABYTE;
const CHUNK = 64 * 1024;
const minutes = 60_000;

const folder = mkdtempSync(join(tmpdir(), 'large-file-'));
const program = join(folder, 'measuredDownload.cjs');
let emulator: Emulator;
let store: FileServer;

beforeAll(async () => {
	await build({
		absWorkingDir: root,
		entryPoints: ['test/support/measuredDownload.mts'],
		outfile: program,
		bundle: true,
		platform: 'node',
		format: 'cjs',
		packages: 'external',
		logLevel: 'warning',
	});
	emulator = await startTestEmulator();
	await emulator.settled();
	store = await startFileServer();
});

afterAll(async () => {
	await emulator.stop();
	store.stop();
	rmSync(folder, { recursive: true, force: true });
});

const pool = randomBytes(4 * MEGABYTE);
const pattern = randomBytes(16 * 1024);

/** 1 GiB that compresses about as well as a log does. */
function* content(): Generator<Buffer> {
	for (let at = 0; at < GIGABYTE / CHUNK; at++) {
		const fresh = pool.subarray((at * 251) % (pool.length - 2048)).subarray(0, 2048);
		const rest = Array.from({ length: 4 }, () => pattern);
		yield Buffer.concat([fresh, ...rest]).subarray(0, CHUNK);
	}
}

const wholeHash = contentHash();

function contentHash(): string {
	const hash = createHash('sha256');
	for (const chunk of content()) hash.update(chunk);
	return hash.digest('hex');
}

/**
 * With a small young generation the process holds what it needs and little else. Left to itself,
 * Node.js lets up to 64 MiB of buffers that nobody needs any more pile up, in any program.
 */
const engineOptions = ['--expose-gc', '--max-semi-space-size=1'];

async function measured(send: (response: ServerResponse) => void): Promise<MeasuredDownload> {
	emulator.faults.order({ kind: 'redirect', location: `${store.url}/large`, skip: 1, count: 5 });
	store.serve(send);
	const credential = {
		...emulator.credential,
		downloadHosts: `${emulator.credential.downloadHosts}, ${store.host}`,
	};
	const { stdout } = await promisify(execFile)(
		process.execPath,
		[
			...engineOptions,
			program,
			JSON.stringify(credential),
			contosoActions.getFile,
			contosoActions.getFile,
		],
		{ env: { ...process.env, NODE_PATH: join(root, 'node_modules') } },
	);
	emulator.faults.clear();
	return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as MeasuredDownload;
}

it.each([
	[
		'as it is',
		(response: ServerResponse) => {
			response.writeHead(200, { 'Content-Length': GIGABYTE });
			void pipeline(Readable.from(content()), response);
		},
	],
	[
		'unpacked on the way',
		(response: ServerResponse) => {
			void pipeline(Readable.from(content()), createGzip({ level: 1 }), response);
		},
	],
])(
	'1 GiB %s takes at most 64 MiB more memory, and arrives whole',
	async (_how, send) => {
		const { fields, grownBytes } = await measured(send);
		expect(fields).toMatchObject({ fileSize: GIGABYTE, sha256: wholeHash });
		expect(grownBytes / MEGABYTE).toBeLessThanOrEqual(64);
	},
	2 * minutes,
);
