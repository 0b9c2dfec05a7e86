import { createHash, randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { gunzipSync, gzipSync } from 'node:zlib';

import { contosoActions, type Emulator } from '../../../emulator/emulator.mts';
import { byId } from '../../support/resourceLocator.mts';
import {
	binaryBytes,
	prepareBinaryStore,
	removeBinaryStore,
	runNode,
} from '../../support/engine.mts';
import { startFileServer, type FileServer } from '../../support/fileServer.mts';
import { StoredCredential } from '../../support/storedCredential.mts';
import { startTestEmulator } from '../../support/testEmulator.mts';
import { until } from '../../support/until.mts';

jest.mock('../../../nodes/DefenderLiveResponse/limits/clock', () =>
	jest.requireActual('../../support/instantClock.mts'),
);

const MEGABYTE = 1024 * 1024;

let emulator: Emulator;
let store: FileServer;
let credential: StoredCredential;

beforeAll(async () => {
	await prepareBinaryStore();
	emulator = await startTestEmulator({
		limits: { callsPerMinute: 10_000, callsPerHour: 100_000, runsPerMinute: 1000 },
	});
	await emulator.settled();
	store = await startFileServer();
	credential = new StoredCredential({
		...emulator.credential,
		downloadHosts: `${emulator.credential.downloadHosts}, ${store.host}`,
	});
});

afterAll(async () => {
	await emulator.stop();
	store.stop();
	removeBinaryStore();
});

beforeEach(() => {
	emulator.faults.order({ kind: 'redirect', location: `${store.url}/file`, count: Infinity });
});

afterEach(() => emulator.faults.clear());

async function run(parameters: object, id: string = contosoActions.getFile) {
	return await runNode({
		parameters: { resource: 'result', machineActionId: byId(id), options: {}, ...parameters },
		credential,
	});
}

const download = async (options: object = {}, id?: string) =>
	await run({ operation: 'download', options }, id);

const sends =
	(bytes: Buffer, headers: Record<string, string> = {}) =>
	(response: ServerResponse) => {
		response.writeHead(200, { 'Content-Length': bytes.length, ...headers });
		response.end(bytes);
	};

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

const text = Buffer.from('line 1\r\nline 2\r\n');

describe('a file that cannot be unpacked comes as it is, and says so', () => {
	const packed = gzipSync(text);
	it.each([
		['with bytes behind it', Buffer.concat([packed, Buffer.from('hidden')])],
		['whose second member is damaged', Buffer.concat([packed, packed.subarray(0, 12)])],
		['that is cut off', packed.subarray(0, packed.length - 5)],
		['that only begins like gzip', Buffer.from([0x1f, 0x8b, 1, 2, 3])],
	])('gzip %s', async (_what, bytes) => {
		store.serve(sends(bytes, { 'Content-Disposition': 'attachment; filename=notes.txt.gz' }));
		const { items, hints } = await download();

		expect(items[0].json).toMatchObject({
			fileName: 'notes.txt.gz',
			fileSize: bytes.length,
			mimeType: 'application/gzip',
			sha256: sha256(bytes),
			compressed: true,
		});
		expect(await binaryBytes(items[0])).toEqual(bytes);
		expect(hints).toEqual([expect.stringContaining('compressed: true')]);
	});

	it('a bomb, by what it becomes', async () => {
		const bomb = gzipSync(Buffer.alloc(200 * MEGABYTE));
		store.serve(sends(bomb));
		const { items } = await download();
		expect(items[0].json).toMatchObject({
			compressed: true,
			fileSize: bomb.length,
			sha256: sha256(bomb),
		});
	});

	it('a file that is larger than allowed only when unpacked', async () => {
		const packedSmall = gzipSync(Buffer.concat([randomBytes(1000), Buffer.alloc(2 * MEGABYTE)]));
		store.serve(sends(packedSmall));
		const { items } = await download({ maxFileSizeMb: 1 });
		expect(items[0].json).toMatchObject({ compressed: true, fileSize: packedSmall.length });
	});
});

it('gzip of several members with padding behind it is one file', async () => {
	const bytes = Buffer.concat([gzipSync(text), gzipSync(text), Buffer.alloc(512)]);
	store.serve(sends(bytes, { 'Content-Disposition': 'attachment; filename=notes.txt.gz' }));
	const { items, hints } = await download();
	expect(items[0].json).toMatchObject({ fileName: 'notes.txt', compressed: false });
	expect(await binaryBytes(items[0])).toEqual(Buffer.concat([text, text]));
	expect(hints).toEqual([]);
});

it('zip is never unpacked', async () => {
	const zip = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), randomBytes(100)]);
	store.serve(sends(zip, { 'Content-Disposition': 'attachment; filename=evidence.zip' }));
	const { items } = await download();
	expect(items[0].json).toMatchObject({ fileName: 'evidence.zip', sha256: sha256(zip) });
	expect(items[0].json).not.toHaveProperty('compressed');
	expect(await binaryBytes(items[0])).toEqual(zip);
});

it('gzip is known by its bytes, whatever the store calls it', async () => {
	store.serve(
		sends(gzipSync(text), {
			'Content-Type': 'application/json',
			'Content-Disposition': 'attachment; filename=notes.txt',
		}),
	);
	const { items } = await download();
	expect(items[0].json).toMatchObject({ fileName: 'notes.txt', compressed: false });
	expect(await binaryBytes(items[0])).toEqual(text);
});

it('gzip inside gzip is unpacked once', async () => {
	const inner = gzipSync(text);
	store.serve(sends(gzipSync(inner), { 'Content-Disposition': 'attachment; filename=logs.gz.gz' }));
	const { items } = await download();
	expect(items[0].json).toMatchObject({ fileName: 'logs.gz', sha256: sha256(inner) });
	expect(gunzipSync(await binaryBytes(items[0]))).toEqual(text);
});

describe('a store that sends more than it said', () => {
	/** Sends until the client goes away; at most 256 MB. */
	const endless = (head: Buffer, chunk: Buffer) => (response: ServerResponse) => {
		let sent = 0;
		const more = () => {
			while (sent < 256 * MEGABYTE && !response.destroyed) {
				sent += chunk.length;
				if (!response.write(chunk)) return;
			}
			response.end();
		};
		response.on('drain', more);
		response.write(head);
		more();
	};

	it.each([
		['text', Buffer.from('a'), Buffer.alloc(MEGABYTE, 'a')],
		[
			'gzip with a name that never ends',
			Buffer.from('\x1f\x8b\x08\x08\0\0\0\0\0\x03', 'latin1'),
			Buffer.alloc(MEGABYTE, 'a'),
		],
		[
			'gzip with blocks that hold nothing',
			Buffer.from('\x1f\x8b\x08\x00\0\0\0\0\0\x03', 'latin1'),
			Buffer.alloc(5 * 100_000, '\x00\x00\x00\xff\xff', 'latin1'),
		],
	])('%s: stopped at Max File Size, and the connection is closed', async (_what, head, chunk) => {
		const before = store.abandoned;
		store.serve(endless(head, chunk));
		const { error, items } = await download({ maxFileSizeMb: 4 });
		expect(error?.message).toBe("The result file is larger than 'Max File Size' (4 MB)");
		expect(error?.description).toBe("Raise 'Max File Size' in the options.");
		expect(items).toEqual([]);
		await until(() => store.abandoned > before, 'the connection to be closed', 5);
	});
});

describe('names', () => {
	it.each([
		['attachment; filename="../../etc/passwd"', 'passwd'],
		['attachment; filename="..\\\\..\\\\windows\\\\evil.dll"', 'evil.dll'],
		['attachment; filename="a%2F..%2Fb%00c.txt"', 'b_c.txt'],
		['attachment; filename="CON"', '_CON'],
		["attachment; filename*=UTF-8''invoice%E2%80%AEgpj.exe", 'invoice_gpj.exe'],
	])('%s becomes %s', async (header, expected) => {
		store.serve(sends(text, { 'Content-Disposition': header }));
		const { items } = await download();
		expect(items[0].json.fileName).toBe(expected);
		expect(items[0].binary?.data).toMatchObject({ fileName: expected });
		expect(items[0].binary?.data).not.toHaveProperty('directory');
	});

	it('come from the gzip header when the store gives none', async () => {
		const packed = gzipSync(text);
		const named = Buffer.concat([
			packed.subarray(0, 3),
			Buffer.from([packed[3] | 8]),
			packed.subarray(4, 10),
			Buffer.from('../evil.txt\0'),
			packed.subarray(10),
		]);
		store.serve(sends(named));
		expect((await download()).items[0].json).toMatchObject({
			fileName: 'evil.txt',
			compressed: false,
		});
		const kept = await download({ decompress: false });
		expect(kept.items[0].json).toMatchObject({ fileName: 'evil.txt.gz', compressed: true });
	});

	it.each([
		['packed once', gzipSync(text), 'logs', 'application/octet-stream'],
		['packed twice', gzipSync(gzipSync(text)), 'logs.gz', 'application/gzip'],
	])('fit the bytes: a log on the device that was %s', async (_what, bytes, fileName, mimeType) => {
		store.serve(sends(bytes, { 'Content-Disposition': 'attachment; filename=logs.gz' }));
		const { items } = await download();
		expect(items[0].json).toMatchObject({ fileName, mimeType, compressed: false });
		expect(items[0].binary?.data).toMatchObject({ fileName, mimeType });
	});

	it('fit the bytes that n8n unpacked on the way', async () => {
		store.serve(
			sends(gzipSync(text), {
				'Content-Encoding': 'gzip',
				'Content-Disposition': 'attachment; filename=notes.txt.gz',
			}),
		);
		const { items } = await download();
		expect(items[0].json).toMatchObject({ fileName: 'notes.txt', mimeType: 'text/plain' });
		expect(await binaryBytes(items[0])).toEqual(text);
	});

	it("come from the device's path when it is known, which is kept as data", async () => {
		const path = 'C:\\Users\\Public\\..\\evil\u202egpj.exe';
		const id = emulator.tenant.actions.add({
			machineId: 'pc-fin-014.contoso.example',
			createdSecondsAgo: 600,
			commands: [{ type: 'GetFile', path, content: text }],
		});
		await emulator.settled();
		store.serve(sends(text, { 'Content-Disposition': 'attachment; filename=other.txt' }));
		const { items } = await download({ includeAction: true }, String(id));
		expect(items[0].json).toMatchObject({ filePath: path, fileName: 'evil_gpj.exe' });
	});

	it('are made of the ids when there is nothing else', async () => {
		store.serve(sends(text, { 'Content-Disposition': 'attachment; filename="../.."' }));
		expect((await download()).items[0].json.fileName).toBe(`output_${contosoActions.getFile}_0`);
	});
});

describe('a transcript that text cannot say all of', () => {
	const parse = async (options: object = {}) =>
		await run({ operation: 'parseTranscript', source: 'machineAction', options });
	const latin1 = Buffer.from('{"script_output": "Gr\xfc\xdfe", "exit_code": 0}', 'latin1');

	it('is read as far as it goes, and comes along as it was', async () => {
		store.serve(sends(latin1));
		const { items, hints } = await parse();
		expect(items[0].json).toMatchObject({
			output: 'Gr\ufffd\ufffde',
			exit_code: 0,
			parse: 'repaired',
		});
		expect(await binaryBytes(items[0])).toEqual(latin1);
		expect(hints).toEqual([expect.stringContaining('attached as it arrived')]);
	});

	it('that is too large is named, with the operation that does not hold it in memory', async () => {
		store.serve(sends(Buffer.alloc(2 * MEGABYTE, 'a')));
		const { error } = await parse({ maxFileSizeMb: 1 });
		expect(error).toMatchObject({
			message: "The result file is larger than 'Max File Size' (1 MB)",
			description: expect.stringContaining("or use the operation 'Download'") as string,
		});
	});

	it('from an earlier node keeps its file', async () => {
		const { items } = await runNode({
			parameters: {
				resource: 'result',
				operation: 'parseTranscript',
				source: 'binary',
				binaryPropertyName: 'file',
				options: {},
			},
			items: [
				{
					json: {},
					binary: { file: { data: latin1.toString('base64'), mimeType: 'application/json' } },
				},
			],
			credential,
		});
		expect(items[0].json).toMatchObject({ parse: 'repaired' });
		expect(await binaryBytes(items[0], 'file')).toEqual(latin1);
	});
});

it('what a device says never gets into a message, whatever it says', async () => {
	store.serve((response) => {
		response.writeHead(418, { 'Content-Type': 'text/plain' });
		response.end('ENOENT: remoteAccess sig=device-says');
	});
	const { error } = await download();
	expect(error?.message).toBe('The result store answered with HTTP status 418');
	expect(JSON.stringify(error)).not.toContain('device-says');
});
