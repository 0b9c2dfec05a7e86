/** Transcripts that are large, many, packed, or cannot be had: what becomes of them in a run. */
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

import { contosoActions, contosoMachineId, type Emulator } from '../../../emulator/emulator.mts';
import { byId } from '../../support/resourceLocator.mts';
import {
	binaryBytes,
	prepareBinaryStore,
	removeBinaryStore,
	runNode,
} from '../../support/engine.mts';
import { startFileServer, type FileServer } from '../../support/fileServer.mts';
import { systemClock } from '../../support/instantClock.mts';
import { StoredCredential } from '../../support/storedCredential.mts';
import { startTestEmulator } from '../../support/testEmulator.mts';

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
		clock: systemClock.now,
		limits: { callsPerMinute: 10_000, callsPerHour: 100_000, runsPerMinute: 1000 },
		deviceLookup: { passingNotFound: 0 },
		signIn: { tokensWithoutRoles: 0 },
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

afterEach(() => emulator.faults.clear());

const fromStore = () =>
	emulator.faults.order({ kind: 'redirect', location: `${store.url}/file`, count: Infinity });

const transcript = (script_output: string, exit_code: unknown = 0) =>
	Buffer.from(JSON.stringify({ script_name: 'a.ps1', exit_code, script_output }));

const sends = (bytes: Buffer) => (response: ServerResponse) => {
	response.writeHead(200, { 'Content-Length': bytes.length });
	response.end(bytes);
};

const parse = async (
	parameters: object = {},
	items: Parameters<typeof runNode>[0]['items'] = [{ json: {} }],
) =>
	await runNode({
		parameters: {
			resource: 'result',
			operation: 'parseTranscript',
			source: 'machineAction',
			machineActionId: byId(contosoActions.realTranscript),
			options: {},
			...parameters,
		},
		credential,
		items,
	});

const runScript = async (options: { failOnNonZeroExit?: boolean } = {}) =>
	await runNode({
		parameters: {
			resource: 'liveResponse',
			operation: 'runScript',
			machineId: byId(contosoMachineId('pc-fin-014.contoso.example')),
			scriptName: byId('triage.ps1'),
			options,
		},
		credential,
	});

describe('a transcript that is more than its fields say', () => {
	it('comes along as it came, with a hint', async () => {
		const file = Buffer.concat([transcript('first'), Buffer.from('\n'), transcript('SECOND')]);
		fromStore();
		store.serve(sends(file));
		const { items, hints } = await parse();
		expect(items[0].json).toMatchObject({ output: 'first', parse: 'repaired' });
		expect(await binaryBytes(items[0])).toEqual(file);
		expect(hints).toEqual([expect.stringContaining('more than its fields can show')]);
	});

	it('that arrives packed is read, without a file or a hint', async () => {
		fromStore();
		store.serve(sends(gzipSync(transcript('packed', 7))));
		const { items, hints } = await parse();
		expect(items[0].json).toMatchObject({ output: 'packed', exit_code: 7, parse: 'strict' });
		expect(items[0]).not.toHaveProperty('binary');
		expect(hints).toEqual([]);
	});
});

describe('Max File Size', () => {
	const binary = (bytes: Buffer) => [
		{ json: {}, binary: { file: { data: bytes.toString('base64'), mimeType: 'text/plain' } } },
	];
	const fromFile = async (bytes: Buffer, options: object = {}) =>
		await parse({ source: 'binary', binaryPropertyName: 'file', options }, binary(bytes));

	it('holds for a file of an earlier node', async () => {
		const { error } = await fromFile(transcript('x'.repeat(2 * MEGABYTE)), { maxFileSizeMb: 1 });
		expect(error?.message).toBe("The file is larger than 'Max File Size' (1 MB)");
	});

	it('lets one of an earlier node through that is packed or smaller', async () => {
		const small = await fromFile(gzipSync(transcript('x'.repeat(1000))), { maxFileSizeMb: 1 });
		expect(small.items[0].json).toMatchObject({ output: 'x'.repeat(1000), parse: 'strict' });
	});
});

describe('a live response', () => {
	const large = transcript('x'.repeat(65 * MEGABYTE));

	it('whose transcript is larger than 64 MB gives it as a file', async () => {
		fromStore();
		store.serve(sends(large));
		const { items, hints } = await runScript();
		expect(items[0].json).toMatchObject({ output: null, exit_code: null, parse: 'raw' });
		expect((await binaryBytes(items[0])).equals(large)).toBe(true);
		expect(hints).toEqual([expect.stringContaining('larger than 64 MB')]);
	});

	it('has no more than 20 downloads open at once, whatever waits', async () => {
		let open = 0;
		let most = 0;
		const action = emulator.tenant.actions.add({
			createdSecondsAgo: 600,
			commands: Array.from({ length: 60 }, () => ({ type: 'RunScript', transcript: {} })),
		});
		await emulator.settled();
		fromStore();
		store.serve((response) => {
			most = Math.max(most, ++open);
			setTimeout(() => {
				open--;
				sends(transcript('x'))(response);
			}, 300);
		});
		const { items } = await parse({ machineActionId: byId(String(action)), allCommands: true });
		expect(items).toHaveLength(60);
		expect(most).toBeGreaterThan(1);
		expect(most).toBeLessThanOrEqual(20);
	});
});

it('texts beyond what n8n can store with an execution are left to their files', async () => {
	fromStore();
	const file = transcript('x'.repeat(60 * MEGABYTE), 3);
	store.serve(sends(file));
	const { items, hints } = await parse(
		{},
		Array.from({ length: 5 }, () => ({ json: {} })),
	);
	const outputs = items.map(({ json }) => (json.output as string | null)?.length ?? null);
	expect(outputs.filter((length) => length === 60 * MEGABYTE)).toHaveLength(4);
	const left = items.find(({ json }) => json.output === null)!;
	expect(left.json).toMatchObject({ exit_code: 3, script_name: 'a.ps1', parse: 'strict' });
	expect((await binaryBytes(left)).equals(file)).toBe(true);
	expect(hints).toEqual([expect.stringContaining('larger than n8n can store')]);
}, 120_000);

describe('a result that cannot be fetched', () => {
	const twoScripts = async () => {
		const action = emulator.tenant.actions.add({
			createdSecondsAgo: 600,
			commands: [
				{ type: 'RunScript', transcript: {} },
				{ type: 'RunScript', transcript: {} },
			],
		});
		await emulator.settled();
		return String(action);
	};

	it('is the reason of its command, and the others have theirs', async () => {
		const id = await twoScripts();
		const path = new RegExp(`${id}/GetLiveResponseResultDownloadLink\\(index=0\\)`);
		emulator.faults.order({ kind: 'forbidden', path, count: Infinity });
		const { items, status } = await parse({ machineActionId: byId(id), allCommands: true });
		expect(status).toBe('success');
		expect(items[0].json).toMatchObject({ commandIndex: 0, reason: expect.any(String) });
		expect(items[0].json).not.toHaveProperty('output');
		expect(items[1].json).toMatchObject({ commandIndex: 1, parse: 'strict' });
	});

	it('fails the item when no command has one', async () => {
		const id = await twoScripts();
		const path = new RegExp(`${id}/GetLiveResponseResultDownloadLink`);
		emulator.faults.order({ kind: 'forbidden', path, count: Infinity });
		const { error } = await parse({ machineActionId: byId(id), allCommands: true });
		expect(error?.message).toEqual(expect.any(String));
	});
});

describe('Fail on Non-Zero Exit Code', () => {
	it.each([
		['null', null],
		['text', '0xC0000005'],
		['a fraction', 1.5],
	])('rejects an exit code that is not known: %s', async (_what, exitCode) => {
		fromStore();
		store.serve(sends(transcript('so far', exitCode)));
		const { error, items } = await runScript({ failOnNonZeroExit: true });
		expect(items).toEqual([]);
		expect(error?.message).toBe('The exit code of the script is not known');
		expect((error as { context?: { details?: object } }).context?.details).toMatchObject({
			code: 'exitCodeUnknown',
			exit_code: null,
			output: 'so far',
			error: null,
		});
	});

	it('rejects a transcript that was cut off', async () => {
		fromStore();
		store.serve(sends(transcript('so far').subarray(0, -4)));
		const { error } = await runScript({ failOnNonZeroExit: true });
		expect(error?.message).toBe('The exit code of the script is not known');
	});
});
