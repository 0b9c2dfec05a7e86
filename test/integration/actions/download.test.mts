import { createHash, randomBytes } from 'node:crypto';

import { Container } from '@n8n/di';
import { BinaryDataService, FileTooLargeError } from 'n8n-core';

import type { Emulator } from '../../../emulator/emulator.mts';
import type { FaultOrder } from '../../../emulator/faults/fault.mts';
import { prepareBinaryStore, removeBinaryStore, runNode } from '../../support/engine.mts';
import { StoredCredential } from '../../support/storedCredential.mts';
import { startTestEmulator } from '../../support/testEmulator.mts';

jest.mock('../../../nodes/DefenderLiveResponse/limits/clock', () =>
	jest.requireActual('../../support/instantClock.mts'),
);

const MEGABYTE = 1024 * 1024;
/** Random, so that the stored gzip is as long as the file. */
const content = randomBytes(8 * MEGABYTE);
const sha256 = createHash('sha256').update(content).digest('hex');

let emulator: Emulator;
let id: string;

beforeAll(async () => {
	await prepareBinaryStore();
	emulator = await startTestEmulator({ limits: { callsPerMinute: 10_000, callsPerHour: 100_000 } });
	id = String(
		emulator.tenant.actions.add({
			machineId: 'pc-fin-014.contoso.example',
			createdSecondsAgo: 600,
			commands: [{ type: 'GetFile', path: 'C:\\evidence.bin', content }],
		}),
	);
	await emulator.settled();
});

afterAll(async () => {
	await emulator.stop();
	removeBinaryStore();
});

async function download(...given: Array<FaultOrder | StoredCredential>) {
	const isCredential = (one: object): one is StoredCredential => one instanceof StoredCredential;
	const faults = given.filter((one): one is FaultOrder => !isCredential(one));
	const credential = given.find(isCredential);
	emulator.requests.clear();
	emulator.faults.clear();
	emulator.faults.order(...faults);
	return await runNode({
		parameters: {
			resource: 'result',
			operation: 'download',
			machineActionId: { __rl: true, mode: 'id', value: id },
			options: {},
		},
		credential: credential ?? new StoredCredential(emulator.credential),
	});
}

const ranges = () =>
	emulator.requests.matching(/./, 'download').map(({ headers }) => headers.range);
const links = () => emulator.requests.matching(/GetLiveResponseResultDownloadLink/).length;
/** Without a reset, which may take bytes away that were sent already. */
const cut = (megabytes: number): FaultOrder => ({
	kind: 'truncated',
	bytes: megabytes * MEGABYTE,
});

describe('a download that is cut', () => {
	it('goes on where it was cut, and is whole', async () => {
		const { items, hints } = await download(cut(3));
		expect(items[0].json).toMatchObject({ sha256, fileSize: content.length });
		expect(ranges()).toEqual([undefined, expect.stringMatching(/^bytes=[23]\d{6}-$/)]);
		expect(links()).toBe(1);
		expect(hints).toEqual([]);
	});

	it('by a reset goes on with what had arrived', async () => {
		const { items } = await download({ kind: 'resetMidBody', bytes: 3 * MEGABYTE });
		expect(items[0].json).toMatchObject({ sha256, fileSize: content.length });
		expect(ranges()).toHaveLength(2);
	});

	it('starts over where the store does not give ranges, and is whole', async () => {
		const { items } = await download(cut(3), { kind: 'ignoreRange' });
		expect(items[0].json).toMatchObject({ sha256, fileSize: content.length });
	});

	it('with a body that is compressed on the way starts over too', async () => {
		const { items } = await download({ kind: 'gzipEncoding' });
		expect(items[0].json).toMatchObject({ sha256 });
	});

	it('more often than four times is outlasted while it gets further', async () => {
		const { items } = await download(...Array.from({ length: 7 }, () => cut(1)));
		expect(items[0].json).toMatchObject({ sha256 });
		expect(ranges()).toHaveLength(8);
	});

	it('after its link has run out goes on with a new link, more than once', async () => {
		const { items, hints } = await download(
			cut(2),
			{ kind: 'expiredLink' },
			cut(2),
			{ kind: 'expiredLink' },
			cut(2),
		);
		expect(items[0].json).toMatchObject({ sha256 });
		expect(links()).toBe(3);
		expect(hints).toEqual(['Renewed 2 download links that had expired']);
	});

	it('and gets no further is refused, with what arrived', async () => {
		const { items, error } = await download(
			...Array.from({ length: 20 }, (): FaultOrder => ({ kind: 'truncated', bytes: 100 })),
		);
		expect(items).toEqual([]);
		expect(error).toMatchObject({
			message: 'The download of the result file was interrupted',
			description: expect.stringMatching(/^500 of \d+ bytes arrived/),
		});
	});

	it('and whose link is refused without any progress asks for one new link only', async () => {
		const { error } = await download(cut(2), { kind: 'expiredLink', count: 5 });
		expect(error).toMatchObject({ httpCode: '403' });
		expect(links()).toBe(2);
	});
});

describe('a file is whole or rejected:', () => {
	const brokeOff = {
		message: 'The download of the result file was interrupted',
		description: expect.stringContaining('No file was returned'),
	};

	it('a body without a length that is closed half-way is gone on with', async () => {
		const { items } = await download({ kind: 'closedWithoutLength' });
		expect(items[0].json).toMatchObject({ sha256, fileSize: content.length });
	});

	it('and is no file when the store keeps closing it', async () => {
		const { items, error } = await download({ kind: 'closedWithoutLength', bytes: 1000, count: 9 });
		expect(items).toEqual([]);
		expect(error).toMatchObject(brokeOff);
	});

	it('a part that overlaps what has come is used from there on', async () => {
		const { items } = await download(cut(3), { kind: 'otherRange' });
		expect(items[0].json).toMatchObject({ sha256, fileSize: content.length });
	});

	it.each<[string, FaultOrder]>([
		['a part that holds less than its range says is none', { kind: 'shortRange' }],
		['a second answer of another length is another file', { kind: 'otherLength' }],
	])('%s', async (_what, fault) => {
		const { items, error } = await download(cut(3), fault);
		expect(items).toEqual([]);
		expect(error).toMatchObject(brokeOff);
	});

	it.each<FaultOrder>([{ kind: 'otherRange' }, { kind: 'shortRange' }])(
		'a part that nobody asked for ($kind) is none',
		async (fault) => {
			const { items, error } = await download(fault);
			expect(items).toEqual([]);
			expect(error).toMatchObject({ httpCode: '206' });
		},
	);
});

describe('the sign-in page of a proxy is no file', () => {
	const page: FaultOrder = { kind: 'signInPage', count: 10 };

	it('when it comes in place of the file', async () => {
		const { items, error } = await download(page);
		expect(items).toEqual([]);
		expect(error).toMatchObject({
			message: 'Something else answered in place of the result store',
			description: expect.stringContaining('sign-in page of a proxy'),
		});
		expect(ranges()).toHaveLength(1);
	});

	it('nor the rest of one', async () => {
		const { items, error } = await download(cut(3), page);
		expect(items).toEqual([]);
		expect(error?.message).toBe('Something else answered in place of the result store');
	});

	it('but with a store of another kind it cannot be told from one', async () => {
		const elsewhere = new StoredCredential({ ...emulator.credential, azureStorage: false });
		const { items } = await download(page, elsewhere);
		expect(items[0].json.fileSize).toBeGreaterThan(0);
	});
});

describe("a file that n8n's store does not take", () => {
	const storeThrows = (error: Error) =>
		jest.spyOn(Container.get(BinaryDataService), 'store').mockRejectedValueOnce(error);

	it('is too large where n8n says so', async () => {
		const size = { fileSizeMb: 8, maxFileSizeMb: 512, fileId: '1', fileName: 'evidence.bin' };
		storeThrows(new FileTooLargeError(size));
		expect((await download()).error).toMatchObject({
			message: "The result file is larger than n8n's binary data mode can store",
			description: expect.stringContaining('takes 512 MB at most'),
		});
	});

	it('is no reason to look for another cause than the store', async () => {
		storeThrows(new Error('ENOSPC: no space left on device'));
		expect((await download()).error).toMatchObject({
			message: "n8n's binary data store did not take the file",
		});
	});
});
