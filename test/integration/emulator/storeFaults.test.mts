import { get as httpGet, type IncomingHttpHeaders } from 'node:http';
import { startEmulator, type Emulator } from '../../../emulator/emulator.mts';
import { apiClient } from './client.mts';

let emulator: Emulator;
let link: string;
const content = Buffer.from(Array.from({ length: 1000 }, (_, at) => at % 251));

beforeAll(async () => {
	emulator = await startEmulator();
	const id = emulator.tenant.actions.add({ commands: [{ type: 'RunScript', result: content }] });
	await emulator.settled();
	link = String((await apiClient(emulator).link(id)).json?.value);
});
afterEach(() => {
	expect(emulator.faults.outstanding).toEqual([]);
});
afterAll(async () => {
	await emulator.stop();
});

/** A response as it came, and whether its end was the announced one. */
async function download(range?: string): Promise<{
	status: number | undefined;
	headers: IncomingHttpHeaders;
	body: Buffer;
	complete: boolean;
}> {
	return await new Promise((resolve, reject) => {
		const headers = range === undefined ? {} : { range };
		httpGet(link, { agent: false, headers }, (response) => {
			const chunks: Buffer[] = [];
			response.on('data', (chunk: Buffer) => chunks.push(chunk));
			response.on('error', () => undefined);
			response.on('close', () => {
				const { statusCode: status, headers: received, complete } = response;
				resolve({ status, headers: received, complete, body: Buffer.concat(chunks) });
			});
		}).on('error', reject);
	});
}

it("a proxy's sign-in page has nothing of the storage account", async () => {
	emulator.faults.order({ kind: 'signInPage' });
	const { status, headers, body } = await download();

	expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
	expect(Object.keys(headers).filter((name) => name.startsWith('x-ms-'))).toEqual([]);
	expect(headers.etag).toBeUndefined();
	expect(body.toString()).toContain('<form');
	expect((await download()).headers['x-ms-version']).toBeDefined();
});

it('a body without Content-Length can be closed half-way and look whole', async () => {
	emulator.faults.order({ kind: 'closedWithoutLength' });
	const { status, headers, body, complete } = await download();

	expect([status, complete]).toEqual([200, true]);
	expect(headers['content-length']).toBeUndefined();
	expect(headers['transfer-encoding']).toBeUndefined();
	expect(body.equals(content.subarray(0, 500))).toBe(true);
});

it.each([
	[undefined, 'bytes 1-999/1000', 1],
	['bytes=0-99', 'bytes 1-999/1000', 1],
	['bytes=500-', 'bytes 0-999/1000', 0],
])('another range than %s can come', async (asked, contentRange, first) => {
	emulator.faults.order({ kind: 'otherRange' });
	const { status, headers, body } = await download(asked);

	expect([status, headers['content-range']]).toEqual([206, contentRange]);
	expect(body.equals(content.subarray(first))).toBe(true);
});

it.each([undefined, 'bytes=600-'])('of range %s less than promised can come', async (asked) => {
	emulator.faults.order({ kind: 'shortRange' });
	const first = asked === undefined ? 0 : 600;
	const half = (1000 - first) / 2;
	const { status, headers, body, complete } = await download(asked);

	expect([status, complete]).toEqual([206, true]);
	expect(headers['content-range']).toBe(`bytes ${first}-999/1000`);
	expect(headers['content-length']).toBe(String(half));
	expect(body.equals(content.subarray(first, first + half))).toBe(true);
});

it('a second answer can be of another length than the first', async () => {
	emulator.faults.order({ kind: 'otherLength', bytes: 300, skip: 1 });
	const first = await download();
	const second = await download('bytes=500-');

	expect([first.headers['content-length'], first.body.length]).toEqual(['1000', 1000]);
	expect([second.status, second.complete]).toEqual([200, true]);
	expect(second.headers['content-length']).toBe('300');
	expect(second.headers['content-range']).toBeUndefined();
	expect(second.headers.etag).toBe(first.headers.etag);
	expect(second.body.equals(content.subarray(0, 300))).toBe(true);
});

it('fewer bytes can come than were announced', async () => {
	emulator.faults.order({ kind: 'truncated', bytes: 10 });
	const { headers, body, complete } = await download();

	expect([headers['content-length'], body.length, complete]).toEqual(['1000', 10, false]);
});
