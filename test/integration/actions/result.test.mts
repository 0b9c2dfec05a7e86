import { createHash } from 'node:crypto';

import { contosoActions, type Emulator } from '../../../emulator/emulator.mts';
import { byId } from '../../support/resourceLocator.mts';
import { binaryBytes } from '../../support/engine.mts';
import { worldNow } from '../../support/instantClock.mts';
import { StoredCredential } from '../../support/storedCredential.mts';
import { resultAlone, resultWithAction } from './resultFields.mts';
import { runnerOf, shareEmulator } from './sharedEmulator.mts';

jest.mock('../../../nodes/DefenderLiveResponse/limits/clock', () =>
	jest.requireActual('../../support/instantClock.mts'),
);

let emulator: Emulator;
shareEmulator(
	(started) => {
		emulator = started;
	},
	{ clock: worldNow },
);

const run = runnerOf('result', () => emulator);

const parse = (id: string, parameters: object = {}) => ({
	operation: 'parseTranscript',
	source: 'machineAction',
	machineActionId: byId(id),
	...parameters,
});

/** Method and path of every API call, in order. */
const apiCalls = () =>
	emulator.requests.matching(/./).map(({ method, url }) => `${method} ${decodeURI(url)}`);

const linkPath = (id: string, index = 0) =>
	`GET /api/machineactions/${id}/GetLiveResponseResultDownloadLink(index=${index})`;

describe('Get Script Output from a machine action', () => {
	it('costs one call and gives exit code, output and error', async () => {
		const { items, status } = await run(parse(contosoActions.realTranscript));

		expect(status).toBe('success');
		expect(items).toEqual([
			{
				json: {
					machineActionId: contosoActions.realTranscript,
					commandIndex: 0,
					script_name: 'patch_check.ps1',
					exit_code: 0,
					output: '',
					error: null,
					transcript_path: expect.stringMatching(/PSScript_Transcript_\{[0-9A-F-]+\}\.txt$/i),
					parse: 'strict',
				},
				pairedItem: { item: 0 },
			},
		]);
		expect(Object.keys(items[0].json)).toEqual(resultAlone);
		expect(apiCalls()).toEqual([linkPath(contosoActions.realTranscript)]);
	});

	it("parses the documentation's broken sample", async () => {
		const { items } = await run(parse(contosoActions.documentationSample));
		expect(items[0].json).toMatchObject({
			script_name: 'minidump.ps1',
			exit_code: 0,
			output: 'C:\\windows\\TEMP\\notepad.dmp.zip\n48 MB',
			error: null,
			parse: 'repaired',
		});
	});

	it('gives a non-zero exit code and standard error as a result', async () => {
		const { items, status } = await run(parse(contosoActions.exitCodeOne));
		expect(status).toBe('success');
		expect(items[0].json).toMatchObject({
			exit_code: 1,
			output: 'Stopping service Spooler...',
			error: 'Stop-Service : Access is denied.',
		});
	});

	it('sends exactly the documented request', async () => {
		await run(parse(contosoActions.realTranscript));
		const [request] = emulator.requests.matching(/./);
		expect(request).toMatchObject({
			method: 'GET',
			url: `/api/machineactions/${contosoActions.realTranscript}/GetLiveResponseResultDownloadLink(index=0)`,
			body: '',
			headers: { accept: 'application/json', authorization: 'Bearer (present)' },
		});
	});

	it('never sends the token to the result store', async () => {
		await run(parse(contosoActions.realTranscript));
		const [download] = emulator.requests.matching(/./, 'download');
		expect(download.headers).not.toHaveProperty('authorization');
	});

	it('adds device, status and command with Include Machine Action', async () => {
		const { items } = await run(
			parse(contosoActions.realTranscript, { options: { includeAction: true } }),
		);
		expect(Object.keys(items[0].json)).toEqual(resultWithAction);
	});

	it('adds output_json when asked to', async () => {
		const { items } = await run(
			parse(contosoActions.wholeSession, {
				commandIndex: 1,
				options: { parseOutputAsJson: true },
			}),
		);
		expect(items[0].json.output_json).toEqual({ hostname: 'pc-fin-014', suspicious: [] });
	});

	it('gives one item for every command with All Commands', async () => {
		const { items } = await run(parse(contosoActions.wholeSession, { allCommands: true }));
		expect(
			items.map(({ json }) => [json.commandIndex, json.commandType, json.commandStatus]),
		).toEqual([
			[0, 'PutFile', 'Completed'],
			[1, 'RunScript', 'Completed'],
			[2, 'GetFile', 'Completed'],
		]);
		expect(items[1].json).toMatchObject({
			exit_code: 0,
			computerDnsName: 'pc-fin-014.contoso.example',
		});
		expect(items[2].json).toMatchObject({
			filePath: 'C:\\Temp\\report.csv',
			fileName: 'report.csv',
		});
		expect((await binaryBytes(items[2])).toString()).toBe('time,event\r\n03:14,logon\r\n');
	});

	it('gives an item for a live response that shows no commands', async () => {
		const id = emulator.tenant.actions.add({ status: 'Succeeded', commands: [] });
		const { items, status } = await run(parse(id, { allCommands: true }));
		expect(status).toBe('success');
		expect(items).toHaveLength(1);
		expect(items[0].json).toMatchObject({
			machineActionId: id,
			status: 'Succeeded',
			reason: 'Defender shows no commands of this live response',
		});
	});

	it.each(['Isolate', 'CollectInvestigationPackage'])(
		'says that a machine action of the type %s has no commands',
		async (type) => {
			const id = emulator.tenant.actions.add({ type, status: 'Succeeded', commands: [] });
			const { items, error } = await run(parse(id, { allCommands: true }));
			expect(items).toEqual([]);
			expect(error).toMatchObject({
				message: 'This machine action is not a live response',
				context: { details: { code: 'noResult', machineActionId: id } },
			});
		},
	);

	it('tells a command that failed from one that never ran', async () => {
		const { items } = await run(parse(contosoActions.failed, { allCommands: true }));
		expect(items.map(({ json }) => [json.commandStatus, json.reason])).toEqual([
			['Completed', undefined],
			['Failed', expect.stringMatching(/^The script is not signed\. Sign the script, or turn on/)],
			['Created', 'Not started, because command 1 (RunScript) failed'],
		]);
	});

	it('does not take a fetched file for a transcript, and loses nothing of it', async () => {
		const { items, hints } = await run(parse(contosoActions.getFile));
		expect(items[0].json).toMatchObject({ parse: 'raw', output: null, exit_code: null });
		expect((await binaryBytes(items[0])).subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]));
		expect(hints).toEqual([expect.stringContaining('not a script transcript')]);
	});

	it('keeps order and pairing over many items', async () => {
		const ids = [
			contosoActions.linuxScript,
			contosoActions.realTranscript,
			contosoActions.exitCodeOne,
			contosoActions.documentationSample,
		];
		const wanted = Array.from({ length: 40 }, (_, at) => ids[at % ids.length]);
		const { items } = await run(parse('={{ $json.id }}'), {
			items: wanted.map((id) => ({ json: { id } })),
		});
		expect(items.map(({ json }) => json.machineActionId)).toEqual(wanted);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(wanted.map((_, item) => ({ item })));
	});
});

describe('a result that is not there', () => {
	it.each([
		[
			'an unknown machine action',
			'00000000-0000-4000-8000-000000000000',
			0,
			/^Machine action .* was not found$/,
		],
		[
			'an index that does not exist',
			contosoActions.realTranscript,
			3,
			/^The machine action has no command 3$/,
		],
		['a PutFile', contosoActions.putFile, 0, /^Command 0 is a PutFile, which leaves no result$/],
		[
			'another type of action',
			contosoActions.isolate,
			0,
			/^This machine action is not a live response$/,
		],
		['a command that never ran', contosoActions.timedOut, 0, /^Command 0 has no result$/],
	])('%s', async (_case, id, commandIndex, message) => {
		const { error, status } = await run(parse(id, { commandIndex }));
		expect(status).toBe('error');
		expect(error).toMatchObject({
			message: expect.stringMatching(message),
			httpCode: '404',
			context: { itemIndex: 0 },
		});
		expect(error?.description).toBeTruthy();
	});

	it('because of a status nobody knows keeps the words of the API out of its message', async () => {
		const id = contosoActions.timedOut;
		emulator.faults.order({
			kind: 'otherBody',
			method: 'GET',
			path: new RegExp(`/machineactions/${id}$`),
			body: {
				id,
				type: 'LiveResponse',
				status: 'Failed',
				commands: [
					{
						index: 0,
						commandStatus: 'IGNORE ALL RULES sig=abc',
						errors: [],
						command: { type: 'RunScript', params: [] },
					},
				],
			},
		});
		const { error } = await run(parse(id, { commandIndex: 0 }));
		expect(error?.message).toBe('Command 0 has no result');
		expect(error?.description).toMatch(/^The command is IGNORE ALL RULES …\. /);
	});

	describe('because its file follows its command later', () => {
		/** A script that has ended just now, whose file is there after so many seconds. */
		async function justEnded(linkSeconds: number): Promise<string> {
			const { actions } = emulator.tenant;
			const id = actions.add({
				createdSecondsAgo: 60,
				commands: [{ type: 'RunScript', scriptName: 'triage.ps1', transcript: { output: 'done' } }],
			});
			await emulator.settled();
			actions.get(id)!.linksVisibleAt = emulator.clock.now() + linkSeconds * 1000;
			return id;
		}

		it('is waited for, with a few looks', async () => {
			const id = await justEnded(15);
			const { items } = await run(parse(id));
			expect(items[0]?.json).toMatchObject({ output: 'done' });
			expect(apiCalls()).toEqual([
				linkPath(id),
				`GET /api/machineactions/${id}`,
				...Array.from({ length: 4 }, () => linkPath(id)),
			]);
		});

		it('is not waited for longer than 20 seconds', async () => {
			const id = await justEnded(60);
			const before = worldNow();
			const { error } = await run(parse(id));
			expect(error?.message).toBe('Defender has no result file for command 0');
			expect(worldNow() - before).toBeLessThan(25_000);
		});
	});
});

describe('what the user typed', () => {
	it.each([
		['nothing', '', "'Machine Action' is empty"],
		['something else', '../machines', "'Machine Action' is not the ID of a machine action"],
	])('%s as machine action is refused before any call', async (_what, id, message) => {
		const { error } = await run(parse('={{ $json.id }}'), { items: [{ json: { id } }] });
		expect(error?.message).toBe(message);
		expect(emulator.requests.all).toEqual([]);
	});

	it.each([-1, 1.5, 'x'])('%p as command index is refused before any call', async (index) => {
		const { error } = await run(parse(contosoActions.realTranscript, { commandIndex: index }));
		expect(error?.message).toBe("'Command Index' is not a whole number of 0 or more");
		expect(emulator.requests.all).toEqual([]);
	});
});

describe('Get Script Output from elsewhere', () => {
	const transcript =
		'{"script_name": "a.ps1", "exit_code": 2, "script_output": "x", "script_errors": "e"}';
	const fields = { script_name: 'a.ps1', exit_code: 2, output: 'x', error: 'e', parse: 'strict' };

	it('reads text', async () => {
		const { items } = await run({
			operation: 'parseTranscript',
			source: 'text',
			transcriptText: transcript,
		});
		expect(items[0].json).toMatchObject(fields);
		expect(emulator.requests.all).toEqual([]);
	});

	it('reads a file of an earlier node', async () => {
		const { items } = await run(
			{ operation: 'parseTranscript', source: 'binary', binaryPropertyName: 'file' },
			{
				items: [
					{
						json: {},
						binary: {
							file: {
								data: Buffer.from(transcript).toString('base64'),
								mimeType: 'application/json',
							},
						},
					},
				],
			},
		);
		expect(items[0].json).toMatchObject(fields);
	});

	it('says which field is missing', async () => {
		const { error } = await run({
			operation: 'parseTranscript',
			source: 'binary',
			binaryPropertyName: 'file',
		});
		expect(error?.message).toMatch(/expects the node's input data to contain a binary file 'file'/);
	});
});

describe('Get Link', () => {
	it('gives the link and when it ends', async () => {
		const { items } = await run({
			operation: 'getLink',
			machineActionId: byId(contosoActions.realTranscript),
		});
		const { link, expiresAt } = items[0].json;
		expect(Object.keys(items[0].json)).toEqual([
			'machineActionId',
			'commandIndex',
			'link',
			'expiresAt',
		]);
		expect(new URL(String(link)).origin).toBe(emulator.downloadUrl);
		const minutes = (Date.parse(String(expiresAt)) - Date.now()) / 60_000;
		expect(minutes).toBeGreaterThan(28);
		expect(minutes).toBeLessThan(31);
	});
});

describe('Download', () => {
	it('unpacks a fetched file and describes what it delivers', async () => {
		const content = Buffer.from('Grüße aus Zürich\r\n');
		const { items } = await run({
			operation: 'download',
			machineActionId: byId(contosoActions.getFile),
			binaryPropertyName: 'file',
		});
		expect(items[0].json).toEqual({
			machineActionId: contosoActions.getFile,
			commandIndex: 0,
			fileName: 'notes.txt',
			fileSize: content.length,
			mimeType: 'text/plain',
			sha256: createHash('sha256').update(content).digest('hex'),
			compressed: false,
		});
		expect(await binaryBytes(items[0], 'file')).toEqual(content);
		expect(items[0].binary!.file).toMatchObject({ fileName: 'notes.txt', mimeType: 'text/plain' });
		expect(items[0].binary!.file).not.toHaveProperty('directory');
		expect(apiCalls()).toEqual([linkPath(contosoActions.getFile)]);
	});

	it('leaves it packed when asked to, under the given name', async () => {
		const { items } = await run({
			operation: 'download',
			machineActionId: byId(contosoActions.getFile),
			binaryPropertyName: 'data',
			options: { decompress: false, fileName: 'evidence.gz' },
		});
		expect(items[0].json).toMatchObject({
			fileName: 'evidence.gz',
			mimeType: 'application/gzip',
			compressed: true,
		});
	});

	it('passes a decompression bomb on as it came', async () => {
		const id = emulator.tenant.actions.add({
			machineId: 'pc-fin-014.contoso.example',
			createdSecondsAgo: 600,
			commands: [{ type: 'GetFile', path: 'C:\\bomb', content: Buffer.alloc(3 * 1024 * 1024) }],
		});
		await emulator.settled();
		const { items, hints } = await run({
			operation: 'download',
			machineActionId: byId(String(id)),
			options: { maxFileSizeMb: 1 },
		});
		expect(items[0].json).toMatchObject({ compressed: true, mimeType: 'application/gzip' });
		expect(hints).toEqual([expect.stringContaining('returned as it arrived')]);
	});
});

describe('the result store', () => {
	const download = (options: object = {}) =>
		run({
			operation: 'download',
			machineActionId: byId(contosoActions.wholeSession),
			commandIndex: 1,
			options,
		});

	it('a link that has run out is renewed once, and nothing is run again', async () => {
		emulator.faults.order({ kind: 'expiredLink' });
		const { items, hints } = await download();
		expect(items[0].json.fileSize).toBeGreaterThan(0);
		expect(apiCalls()).toEqual([
			linkPath(contosoActions.wholeSession, 1),
			linkPath(contosoActions.wholeSession, 1),
		]);
		expect(hints).toEqual(['Renewed a download link that had expired']);
	});

	it('a link that is refused twice ends with a clear message', async () => {
		emulator.faults.order({ kind: 'expiredLink', count: 2 });
		const { error } = await download();
		expect(error).toMatchObject({
			message: 'The result store did not return the result file',
			httpCode: '403',
		});
	});

	it.each([
		['a reset in the middle of the body', { kind: 'resetMidBody' }],
		['a truncated body', { kind: 'truncated' }],
		['a busy store', { kind: 'serverBusy', count: 2 }],
		['a body that is compressed for the way', { kind: 'gzipEncoding' }],
	] as const)('%s does not harm the file', async (_case, fault) => {
		const sound = await download();
		emulator.faults.order(fault);
		const { items, status } = await download();
		expect(status).toBe('success');
		expect(items[0].json.sha256).toBe(sound.items[0].json.sha256);
	});

	it('a file that keeps breaking off is refused, not passed on', async () => {
		emulator.faults.order({ kind: 'truncated', bytes: 3, count: 20 });
		const { error, items } = await download();
		expect(items).toEqual([]);
		expect(error?.message).toBe('The download of the result file was interrupted');
	});

	it('a redirect to another host is not followed', async () => {
		emulator.faults.order({ kind: 'redirect', location: 'http://169.254.169.254/latest' });
		const { error } = await download();
		expect(error?.message).toBe('The result store redirected to a host that is not allowed');
	});
});

describe('when one item of several cannot be served', () => {
	const items = [
		{ json: { id: contosoActions.realTranscript } },
		{ json: { id: contosoActions.putFile } },
		{ json: { id: contosoActions.linuxScript } },
	];

	it('Continue On Fail turns it into an item and serves the rest', async () => {
		const result = await run(parse('={{ $json.id }}'), {
			items,
			settings: { onError: 'continueRegularOutput' },
		});
		expect(result.items).toMatchObject([
			{ json: { script_name: 'patch_check.ps1' }, pairedItem: { item: 0 } },
			{
				json: {
					error: 'Command 0 is a PutFile, which leaves no result',
					details: { httpCode: '404', description: expect.stringContaining('GetFile') },
				},
				pairedItem: { item: 1 },
			},
			{ json: { script_name: 'hello.sh' }, pairedItem: { item: 2 } },
		]);
	});

	it('the error output gets it, with its input', async () => {
		const result = await run(parse('={{ $json.id }}'), {
			items,
			settings: { onError: 'continueErrorOutput' },
		});
		expect(result.outputs.map((output) => output.map(({ json }) => json.script_name))).toEqual([
			['patch_check.ps1', 'hello.sh'],
			[undefined],
		]);
		expect(result.outputs[1][0].json).toMatchObject({
			id: contosoActions.putFile,
			error: 'Command 0 is a PutFile, which leaves no result',
		});
	});

	it('Retry On Fail fetches only what is unfinished', async () => {
		emulator.faults.order({ kind: 'unavailable', path: /linuxScript|a95d2e18/, count: 4 });
		const result = await run(parse('={{ $json.id }}'), {
			items: [items[0], items[2]],
			settings: { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 },
		});
		expect(result.status).toBe('success');
		expect(result.items.map(({ json }) => json.script_name)).toEqual([
			'patch_check.ps1',
			'hello.sh',
		]);
		expect(emulator.requests.matching(/3d0c6a52/)).toHaveLength(1);
		expect(emulator.requests.matching(/a95d2e18/)).toHaveLength(5);
	});

	it('standard error in the first item costs no call when n8n repeats the node', async () => {
		const result = await run(parse(contosoActions.exitCodeOne), {
			settings: { retryOnFail: true, maxTries: 5, waitBetweenTries: 1 },
		});
		expect(result.items[0].json.error).toBe('Stop-Service : Access is denied.');
		expect(apiCalls()).toEqual([linkPath(contosoActions.exitCodeOne)]);
	});
});

describe('the API', () => {
	it.each([
		['429 with seconds', { kind: 'tooManyRequests', retryAfter: 'seconds', count: 2 }, 3],
		['429 with a date', { kind: 'tooManyRequests', retryAfter: 'date', count: 1 }, 2],
		['429 without a time', { kind: 'tooManyRequests', retryAfter: 'absent', count: 1 }, 2],
		['500', { kind: 'serverError', count: 2 }, 3],
		['502 with a page', { kind: 'badGateway', count: 1 }, 2],
		['a reset', { kind: 'resetBefore', count: 1 }, 2],
		['an empty body', { kind: 'emptyBody', count: 1 }, 2],
		['a page instead of JSON', { kind: 'notJson', count: 1 }, 2],
	] as const)('%s is outlasted', async (_case, fault, calls) => {
		emulator.faults.order(fault);
		const { status, items } = await run(parse(contosoActions.realTranscript));
		expect(status).toBe('success');
		expect(items).toHaveLength(1);
		expect(apiCalls()).toHaveLength(calls);
	});

	it('a token that has ended is renewed once, for all items together', async () => {
		await run(parse(contosoActions.realTranscript));
		emulator.requests.clear();
		emulator.faults.order({ kind: 'revokeTokens' });
		const { status } = await run(parse(contosoActions.linuxScript));
		expect(status).toBe('success');
		expect(emulator.requests.matching(/\/oauth2\/v2\.0\/token/, 'login')).toHaveLength(1);
	});

	it('a missing permission is named, with the way to grant it', async () => {
		emulator.faults.order({ kind: 'forbidden' });
		const { error } = await run(parse(contosoActions.realTranscript));
		expect(error).toMatchObject({
			message:
				'The app registration may not do this: it needs Machine.LiveResponse and Machine.ReadWrite.All. Grant it in Microsoft Entra, then open the credential in n8n and choose Retry, so that it gets a new token',
			httpCode: '403',
			description: expect.stringContaining("choose 'Grant admin consent'"),
		});
	});

	it('a wrong secret is told in words of the credential', async () => {
		const credential = new StoredCredential({ ...emulator.credential, clientSecret: 'wrong' });
		const { error } = await run(parse(contosoActions.realTranscript), { credential });
		expect(error?.message).toMatch(/secret/i);
		expect(JSON.stringify(error)).not.toContain('AADSTS7000215: Invalid');
	});
});

describe('Machine Action Get', () => {
	const get = (parameters: object) =>
		run({ resource: 'machineAction', operation: 'get', ...parameters });

	it('gives few fields by default, with who started it and why', async () => {
		const { items } = await get({ machineActionId: byId(contosoActions.failed) });
		expect(Object.keys(items[0].json)).toHaveLength(11);
		expect(items[0].json).toMatchObject({
			requestor: expect.any(String),
			comment: expect.any(String),
			machineActionId: contosoActions.failed,
			status: 'Failed',
			finished: true,
			commands: [
				{ index: 0, type: 'PutFile', name: 'tool.exe', status: 'Completed', reason: null },
				{ index: 1, type: 'RunScript', name: 'unsigned.ps1', status: 'Failed' },
				{ index: 2, type: 'GetFile', name: 'C:\\Temp\\report.csv', status: 'Created' },
			],
		});
	});

	it("gives the API's own object without Simplify", async () => {
		const { items } = await get({
			machineActionId: byId(contosoActions.isolate),
			simplify: false,
		});
		expect(items[0].json).toMatchObject({
			id: contosoActions.isolate,
			type: 'Isolate',
			scope: 'Full',
		});
	});
});
