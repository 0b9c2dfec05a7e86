import { createHash } from 'node:crypto';
import { startEmulator, type Emulator } from '../../../emulator/emulator.mts';
import { apiClient, refusal, type Client } from './client.mts';

let emulator: Emulator;
let client: Client;

beforeAll(async () => {
	emulator = await startEmulator({ tenant: 'empty', limits: { callsPerMinute: Infinity } });
	client = apiClient(emulator);
});
afterAll(async () => {
	await emulator.stop();
});

interface Upload {
	name?: string;
	content?: string | Uint8Array<ArrayBuffer>;
	field?: string;
	fields?: Record<string, string>;
}

async function upload({ name = 'a.ps1', content = 'x', field = 'file', fields = {} }: Upload) {
	const form = new FormData();
	for (const [key, value] of Object.entries(fields)) form.set(key, value);
	form.set(field, new Blob([content]), name);
	return await client.send('POST', '/libraryfiles', { body: form });
}

describe('the library', () => {
	it('takes an upload and lists it', async () => {
		const content = new Uint8Array([0, 255, 13, 10]);
		const answer = await upload({
			name: 'tool_1.0-b.exe',
			content,
			fields: { Description: 'A tool', ParametersDescription: 'none', HasParameters: 'true' },
		});
		const expected = {
			fileName: 'tool_1.0-b.exe',
			sha256: createHash('sha256').update(content).digest('hex'),
			description: 'A tool',
			creationTime: expect.any(String) as string,
			lastUpdatedTime: expect.any(String) as string,
			createdBy: 'n8n Live Response',
			hasParameters: true,
			parametersDescription: 'none',
		};

		expect(answer.status).toBe(200);
		expect(answer.json).toMatchObject(expected);
		expect((await client.get('/libraryfiles')).json?.value).toEqual([expected]);
	});

	it('replaces a file only when told to', async () => {
		await upload({ name: 'twice.ps1', content: 'one' });
		const again = await upload({ name: 'twice.ps1', content: 'two' });
		const forced = await upload({
			name: 'twice.ps1',
			content: 'three',
			fields: { OverrideIfExists: 'true' },
		});

		expect(refusal(again)).toEqual([400, 'BadRequest']);
		expect(forced.json?.sha256).toBe(createHash('sha256').update('three').digest('hex'));
	});

	it.each<[string, Upload]>([
		['a name with a space', { name: 'my script.ps1' }],
		['a name with a path', { name: 'dir/script.ps1' }],
		['an empty file', { content: '' }],
		['a file over 20 MB', { content: new Uint8Array(20 * 1024 * 1024 + 1) }],
		['the file in another field', { field: 'File' }],
		['an unknown field', { fields: { Override: 'true' } }],
		['a flag that is neither true nor false', { fields: { OverrideIfExists: '1' } }],
	])('refuses %s', async (_case, options) => {
		expect(refusal(await upload({ name: `new-${Date.now()}.ps1`, ...options }))).toEqual([
			400,
			'BadRequest',
		]);
	});

	it('takes a file of exactly 20 MB', async () => {
		const content = new Uint8Array(20 * 1024 * 1024);

		expect((await upload({ name: 'large.bin', content })).status).toBe(200);
	});

	it('refuses an upload without a file and one that is no form', async () => {
		const form = new FormData();
		form.set('Description', 'x');
		const without = await client.send('POST', '/libraryfiles', { body: form });

		expect(refusal(without)).toEqual([400, 'MissingRequiredParameter']);
		expect(refusal(await client.post('/libraryfiles', {}))).toEqual([400, 'InvalidRequestBody']);
	});

	it('deletes a file once', async () => {
		await upload({ name: 'gone.ps1' });

		expect((await client.send('DELETE', '/libraryfiles/gone.ps1')).status).toBe(204);
		expect(refusal(await client.send('DELETE', '/libraryfiles/gone.ps1'))).toEqual([
			404,
			'ResourceNotFound',
		]);
	});
});
