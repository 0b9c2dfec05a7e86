import { createHash } from 'node:crypto';

import { Container } from '@n8n/di';
import { BinaryDataService, FileLocation } from 'n8n-core';
import type { INodeExecutionData } from 'n8n-workflow';

import { type Emulator } from '../../../emulator/emulator.mts';
import { runnerOf, shareEmulator, type More } from './sharedEmulator.mts';

jest.mock('../../../nodes/DefenderLiveResponse/limits/clock', () =>
	jest.requireActual('../../support/instantClock.mts'),
);

let emulator: Emulator;
shareEmulator((started) => {
	emulator = started;
});

const run = runnerOf('libraryFile', () => emulator);

const MEGABYTE = 1024 * 1024;

const fileItem = (content: Buffer | string, fileName?: string): INodeExecutionData => ({
	json: {},
	binary: {
		data: {
			data: Buffer.from(content).toString('base64'),
			mimeType: 'text/plain',
			...(fileName === undefined ? {} : { fileName }),
		},
	},
});

const upload = async (item: INodeExecutionData, options: object = {}, more: More = {}) =>
	await run({ operation: 'upload', options }, { items: [item], ...more });

const remove = async (fileName: string, more: More = {}) =>
	await run(
		{ operation: 'delete', libraryFileName: { __rl: true, mode: 'id', value: fileName } },
		more,
	);

const apiCalls = () => emulator.requests.matching(/./).map(({ method, url }) => `${method} ${url}`);

const sha256 = (content: Buffer | string) => createHash('sha256').update(content).digest('hex');

describe('Get Many', () => {
	it('gives one item a file with all that the library knows of it', async () => {
		const { items } = await run({ operation: 'getAll', returnAll: true });
		expect(items.map(({ json }) => json.fileName)).toEqual(
			emulator.tenant.library.all.map(({ fileName }) => fileName),
		);
		expect(items[1]).toEqual({
			json: {
				fileName: 'minidump.ps1',
				sha256: sha256('# minidump.ps1\n'),
				description: 'Dumps the memory of a process',
				creationTime: expect.stringMatching(/^20.*Z$/),
				lastUpdatedTime: expect.stringMatching(/^20.*Z$/),
				createdBy: 'admin',
				hasParameters: true,
				parametersDescription: 'The name of the process',
			},
			pairedItem: { item: 0 },
		});
		expect(apiCalls()).toEqual(['GET /api/libraryfiles']);
	});

	it('leaves out what has no name', async () => {
		const [named] = emulator.tenant.library.all;
		const value = [null, {}, { fileName: null, sha256: 'x' }, { fileName: named.fileName }];
		emulator.faults.order({ kind: 'otherBody', body: { value } });
		const { items } = await run({ operation: 'getAll', returnAll: true });
		expect(items.map(({ json }) => json)).toEqual([{ fileName: named.fileName }]);
	});

	it('stops at the limit', async () => {
		const { items } = await run({ operation: 'getAll', returnAll: false, limit: 3 });
		expect(items).toHaveLength(3);
	});

	it('names the permission that is missing', async () => {
		emulator.faults.order({ kind: 'forbidden' });
		const { error } = await run({ operation: 'getAll' });
		expect(error).toMatchObject({
			message:
				'The app registration may not do this: it needs Library.Manage. Grant it in Microsoft Entra, then open the credential in n8n and choose Retry, so that it gets a new token',
			httpCode: '403',
			description: expect.stringContaining("choose 'Grant admin consent'"),
		});
	});
});

describe('Upload', () => {
	it('sends the file byte for byte as a form, and gives what the library has now', async () => {
		const content = Buffer.from(Array.from({ length: 512 }, (_, at) => at % 256));
		const { items } = await upload(fileItem(content, 'collect-1.ps1'), {
			description: 'Sammelt Prozesse – "alle"',
			parametersDescription: 'The process',
		});
		expect(items).toEqual([
			{
				json: {
					fileName: 'collect-1.ps1',
					sha256: sha256(content),
					description: 'Sammelt Prozesse – "alle"',
					creationTime: expect.any(String),
					lastUpdatedTime: expect.any(String),
					createdBy: expect.any(String),
					hasParameters: true,
					parametersDescription: 'The process',
				},
				pairedItem: { item: 0 },
			},
		]);
		expect(emulator.tenant.library.get('collect-1.ps1')!.content).toEqual(content);
		expect(apiCalls()).toEqual(['POST /api/libraryfiles']);
	});

	it('sends exactly the documented fields', async () => {
		await upload(fileItem('whoami', 'fields.ps1'), { hasParameters: true });
		const [{ headers, body }] = emulator.requests.matching(/^POST/);
		const boundary = /^multipart\/form-data; boundary=(.+)$/.exec(
			String(headers['content-type']),
		)![1];
		expect(body.replaceAll(boundary, 'B')).toBe(
			[
				'--B\r\nContent-Disposition: form-data; name="HasParameters"\r\n\r\ntrue',
				'--B\r\nContent-Disposition: form-data; name="OverrideIfExists"\r\n\r\nfalse',
				'--B\r\nContent-Disposition: form-data; name="file"; filename="fields.ps1"\r\nContent-Type: application/octet-stream\r\n\r\nwhoami',
				'--B--\r\n',
			].join('\r\n'),
		);
		expect(headers['content-length']).toBe(String(Buffer.byteLength(body)));
	});

	it('takes another name and another input field', async () => {
		const { data } = fileItem('x', 'my script.ps1').binary!;
		const { items } = await run(
			{
				operation: 'upload',
				binaryPropertyName: 'script',
				options: { fileName: 'my-script.ps1' },
			},
			{ items: [{ json: {}, binary: { script: data } }] },
		);
		expect(items[0].json.fileName).toBe('my-script.ps1');
	});

	it('sends the whole form again after a token has ended', async () => {
		emulator.faults.order({ kind: 'unauthorized' });
		const { status } = await upload(fileItem('again', 'token.ps1'));
		expect(status).toBe('success');
		expect(emulator.tenant.library.get('token.ps1')!.content.toString()).toBe('again');
		const [first, second] = emulator.requests.matching(/^POST/);
		expect(second.body).toBe(first.body);
	});

	it.each([
		['a space', 'my script.ps1', 'The file name has characters that live response does not accept'],
		['a path', '../triage.ps1', 'The file name has characters that live response does not accept'],
		['a quote', 'a".ps1', 'The file name has characters that live response does not accept'],
		['nothing', undefined, 'The file has no name'],
	])(
		'a name with %s is refused before the call, with the way out',
		async (_what, name, message) => {
			const { error } = await upload(fileItem('x', name));
			expect(error).toMatchObject({
				message,
				description: expect.stringContaining("The option 'File Name' sets another name"),
				context: { itemIndex: 0 },
			});
			expect(emulator.requests.all).toEqual([]);
		},
	);

	it('a file of 20 MB goes through, one byte more is refused before the call', async () => {
		const largest = Buffer.alloc(20 * MEGABYTE, 'x');
		expect((await upload(fileItem(largest, 'largest.bin'))).status).toBe('success');
		emulator.requests.clear();
		const { error } = await upload(fileItem(Buffer.concat([largest, Buffer.from('x')]), 'l.bin'));
		expect(error).toMatchObject({
			message: 'The file is larger than the 20 MB that the API takes',
			description: expect.stringContaining('upload it in the Defender portal'),
		});
		expect(emulator.requests.all).toEqual([]);
	});

	it('a huge file is refused by the size n8n has noted, without being read', async () => {
		const store = Container.get(BinaryDataService);
		const stored = await store.store(
			FileLocation.ofExecution('workflow-1', 'earlier'),
			Buffer.alloc(21 * MEGABYTE),
			{ data: '', mimeType: 'application/octet-stream', fileName: 'huge.bin' },
		);
		const read = jest.spyOn(store, 'getAsBuffer');
		const { error } = await upload({ json: {}, binary: { data: stored } });
		expect(error?.message).toBe('The file is larger than the 20 MB that the API takes');
		expect(read).not.toHaveBeenCalled();
		expect(emulator.requests.all).toEqual([]);
		read.mockRestore();
	});

	it("a file from n8n's store is sent whole", async () => {
		const stored = await Container.get(BinaryDataService).store(
			FileLocation.ofExecution('workflow-1', 'earlier'),
			Buffer.from('stored'),
			{ data: '', mimeType: 'text/plain', fileName: 'stored.ps1' },
		);
		const { items } = await upload({ json: {}, binary: { data: stored } });
		expect(items[0].json.sha256).toBe(sha256('stored'));
	});

	it('an empty file is refused before the call', async () => {
		const { error } = await upload(fileItem('', 'empty.ps1'));
		expect(error?.message).toBe('The file is empty');
		expect(emulator.requests.all).toEqual([]);
	});

	it('says which input field is missing', async () => {
		const { error } = await upload({ json: {} });
		expect(error?.message).toMatch(/expects the node's input data to contain a binary file 'data'/);
	});

	it('does not replace a file unless told to', async () => {
		const { error } = await upload(fileItem('new', 'hello.sh'));
		expect(error).toMatchObject({
			message: 'The library already has a file with this name',
			httpCode: '400',
			description: expect.stringContaining("Turn on the option 'Overwrite'"),
		});
		expect(emulator.tenant.library.get('hello.sh')!.content.toString()).toBe('# hello.sh\n');

		const { items } = await upload(fileItem('new', 'hello.sh'), { overwrite: true });
		expect(items[0].json.sha256).toBe(sha256('new'));
	});

	it('a lost answer is not sent again: the library tells that the file has arrived', async () => {
		emulator.faults.order({ kind: 'lostAnswer', method: 'POST' });
		const { items, status } = await upload(fileItem('lost', 'lost.ps1'));
		expect(status).toBe('success');
		expect(items[0].json).toMatchObject({ fileName: 'lost.ps1', sha256: sha256('lost') });
		expect(apiCalls()).toEqual(['POST /api/libraryfiles', 'GET /api/libraryfiles']);
	});

	it('a lost answer of a file that has not arrived is told, and not sent again', async () => {
		emulator.faults.order({ kind: 'resetBefore', method: 'POST' });
		const { error } = await upload(fileItem('gone', 'gone.ps1'));
		expect(error?.message).toBe('The Defender API could not be reached');
		expect(apiCalls()).toEqual(['POST /api/libraryfiles', 'GET /api/libraryfiles']);
		expect(emulator.tenant.library.get('gone.ps1')).toBeUndefined();
	});

	it('with Overwrite a lost answer is simply sent again', async () => {
		emulator.faults.order({ kind: 'lostAnswer', method: 'POST' });
		const { status } = await upload(fileItem('v2', 'over.ps1'), { overwrite: true });
		expect(status).toBe('success');
		expect(apiCalls()).toEqual(['POST /api/libraryfiles', 'POST /api/libraryfiles']);
	});

	it('429 is outlasted', async () => {
		emulator.faults.order({ kind: 'tooManyRequests', count: 2 });
		expect((await upload(fileItem('x', 'busy.ps1'))).status).toBe('success');
	});

	it('goes on with the other files when it may', async () => {
		const { items } = await run(
			{ operation: 'upload' },
			{
				items: [fileItem('x', 'not allowed.ps1'), fileItem('x', 'allowed.ps1')],
				settings: { onError: 'continueRegularOutput' },
			},
		);
		expect(items[0].json.error).toMatch(/^The file name has characters/);
		expect(items[1]).toMatchObject({
			json: { fileName: 'allowed.ps1' },
			pairedItem: { item: 1 },
		});
	});
});

describe('Delete', () => {
	it('says that it is deleted, and what', async () => {
		emulator.tenant.library.add({ fileName: 'old.ps1', content: 'x' });
		const { items } = await remove('old.ps1');
		expect(items).toEqual([
			{ json: { deleted: true, fileName: 'old.ps1' }, pairedItem: { item: 0 } },
		]);
		expect(emulator.tenant.library.get('old.ps1')).toBeUndefined();
		expect(apiCalls()).toEqual(['DELETE /api/libraryfiles/old.ps1']);
	});

	it('removes files with names that could not be uploaded here', async () => {
		const fileName = "hello copy (1)'s & 100%?.sh";
		emulator.tenant.library.add({ fileName, content: 'x' });
		const { items } = await remove(fileName);
		expect(items[0].json).toEqual({ deleted: true, fileName });
	});

	it('says when there is no such file', async () => {
		const { error } = await remove('RemoteAccess.ps1');
		expect(error).toMatchObject({
			message: 'The library has no file with this name',
			httpCode: '404',
			description: expect.stringContaining('whole name is compared'),
		});
	});

	it('a lost answer ends well when the file is gone', async () => {
		emulator.tenant.library.add({ fileName: 'twice.ps1', content: 'x' });
		emulator.faults.order({ kind: 'lostAnswer', method: 'DELETE' });
		const { items, status } = await remove('twice.ps1');
		expect(status).toBe('success');
		expect(items[0].json).toEqual({ deleted: true, fileName: 'twice.ps1' });
		expect(apiCalls()).toHaveLength(2);
	});

	it('a call that did not arrive is made again', async () => {
		emulator.tenant.library.add({ fileName: 'once-more.ps1', content: 'x' });
		emulator.faults.order({ kind: 'unavailable', method: 'DELETE', count: 3 });
		expect((await remove('once-more.ps1')).status).toBe('success');
		expect(emulator.tenant.library.get('once-more.ps1')).toBeUndefined();
	});

	it.each([
		['nothing', '', "'Library File' is empty"],
		['a path', '../machines', "'Library File' is not the name of a file"],
		['dots', '..', "'Library File' is not the name of a file"],
	])('%s is refused before any call', async (_what, fileName, message) => {
		const { error } = await remove('={{ $json.fileName }}', { items: [{ json: { fileName } }] });
		expect(error?.message).toBe(message);
		expect(emulator.requests.all).toEqual([]);
	});

	it('names the permission that is missing', async () => {
		emulator.faults.order({ kind: 'forbidden' });
		expect((await remove('hello.sh')).error?.message).toBe(
			'The app registration may not do this: it needs Library.Manage. Grant it in Microsoft Entra, then open the credential in n8n and choose Retry, so that it gets a new token',
		);
	});
});
