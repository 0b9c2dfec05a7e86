/** Collect Investigation Package, and the package as a file from there and from Result > Download. */
import { createHash } from 'node:crypto';

import { investigationPackage } from '../../../emulator/tenant/investigationPackage.mts';
import { binaryBytes, runNode } from '../../support/engine.mts';
import { StoredCredential } from '../../support/storedCredential.mts';
import { emulator, tenantForAllTests } from '../../support/testBed.mts';
import { byId } from '../../support/resourceLocator.mts';

jest.mock('../../../nodes/DefenderLiveResponse/limits/clock', () =>
	jest.requireActual('../../support/instantClock.mts'),
);

let device: string;

tenantForAllTests({
	deviceLookup: { passingNotFound: 0 },
	signIn: { tokensWithoutRoles: 0 },
});

beforeEach(() => {
	device = emulator.tenant.machines.add({ computerDnsName: 'pc-own.contoso.example' });
});

const run = async (parameters: object, more: object = {}) =>
	await runNode({
		parameters: { options: {}, ...parameters },
		credential: new StoredCredential(emulator.credential),
		...more,
	});
const collect = async (more: object = {}) =>
	await run({
		resource: 'machine',
		operation: 'collectInvestigationPackage',
		machineId: byId(device),
		comment: 'Alert 4711',
		...more,
	});
const download = async (id: unknown, options: object = {}) =>
	await run({
		resource: 'result',
		operation: 'download',
		machineActionId: byId(String(id)),
		options,
	});

const content = () => investigationPackage(emulator.tenant.machines.get(device)!);
const file = () => ({
	fileName: 'WDATP_Investigation_Package.zip',
	fileSize: content().length,
	mimeType: 'application/zip',
	sha256: createHash('sha256').update(content()).digest('hex'),
});
const fetches = () => emulator.requests.all.filter(({ to }) => to === 'download');
const links = () => emulator.requests.matching(/getPackageUri/);

it('gives the zip file of the device as it is, with its hash', async () => {
	const { items, status } = await collect();
	expect(status).toBe('success');
	expect(items[0].json).toMatchObject({
		type: 'CollectInvestigationPackage',
		status: 'Succeeded',
		machineId: device,
		comment: 'Alert 4711',
		...file(),
	});
	expect(await binaryBytes(items[0])).toEqual(content());
});

it('without waiting gives the machine action, whose package Result > Download fetches later', async () => {
	const { items } = await collect({ waitForCompletion: false });
	const { machineActionId } = items[0].json;
	const early = await download(machineActionId);
	expect(early.error).toMatchObject({
		message: expect.stringMatching(/was not found$|has not been collected yet$/) as string,
	});
	emulator.advance(300);
	for (const options of [{}, { includeAction: true }]) {
		const later = await download(machineActionId, options);
		expect(later.items[0].json).toMatchObject({ machineActionId, ...file() });
		expect(await binaryBytes(later.items[0])).toEqual(content());
	}
});

it('of a device at work on one already it is that one', async () => {
	emulator.tenant.machines.change(device, { online: false });
	const first = await collect({ waitForCompletion: false });
	const { machineActionId } = first.items[0].json;
	const second = await run(
		{
			resource: 'machine',
			operation: 'collectInvestigationPackage',
			machineId: byId(device),
			comment: 'Alert 4712',
			waitForCompletion: false,
		},
		{ executionId: '8' },
	);
	expect(second.items[0].json).toMatchObject({ machineActionId, attached: true });

	emulator.tenant.machines.change(device, { online: true });
	emulator.advance(600);
	expect((await download(machineActionId)).items[0].json).toMatchObject(file());
});

it('of a device that ends one before it is listed is that one too', async () => {
	const first = await collect({ waitForCompletion: false });
	const second = await run(
		{
			resource: 'machine',
			operation: 'collectInvestigationPackage',
			machineId: byId(device),
			comment: 'Alert 4712',
		},
		{ executionId: '8' },
	);

	const { machineActionId } = first.items[0].json;
	expect(second.items[0].json).toMatchObject({ machineActionId, attached: true, ...file() });
	const collected = emulator.tenant.actions.all.filter(({ machineId }) => machineId === device);
	expect(collected).toHaveLength(1);
});

it('one that failed is an item with the reason', async () => {
	const id = emulator.tenant.actions.add({
		type: 'CollectInvestigationPackage',
		status: 'Failed',
		machineId: device,
		commands: [],
	});
	const { error } = await download(id, { includeAction: true });
	expect(error).toMatchObject({
		message: 'The machine action has no investigation package',
		context: { details: { code: 'noResult', machineActionId: id } },
	});
	expect(links()).toEqual([]);
});

it('what answers in place of the package is no file', async () => {
	emulator.faults.order({ kind: 'signInPage', on: 'download', count: 10 });
	const { error } = await collect();
	expect(error?.message).toBe('Something else answered in place of the result store');
});

it.each([
	['signInPage', /^The answer is no zip file: .* host of the packages/],
	[
		'resetBefore',
		/Investigation packages are stored on userrequests….securitycenter.windows.com\./,
	],
	['blobNotFound', /Collect the package again\./],
] as const)('what to do when it does not arrive is about packages: %s', async (kind, step) => {
	emulator.faults.order({ kind, on: 'download', count: 10 });
	const { error } = await collect();
	expect(error?.description).toMatch(step);
	expect(error?.description).not.toMatch(/command|Azure|blob/);
});

it('more than two links a minute wait for their turn, and the API refuses none', async () => {
	const ids = Array.from({ length: 5 }, (_, at) =>
		emulator.tenant.machines.add({ computerDnsName: `many-${at}.contoso.example` }),
	);
	const { items } = await run(
		{
			resource: 'machine',
			operation: 'collectInvestigationPackage',
			machineId: byId('={{ $json.id }}'),
			comment: 'Alert 4711',
		},
		{ items: ids.map((id) => ({ json: { id } })) },
	);
	expect(items.map(({ json }) => json.machineId)).toEqual(ids);
	expect(links().filter(({ status }) => status === 429)).toEqual([]);
});

it.each([
	['another port of this machine', 'http://127.0.0.1:1/package.zip'],
	['the host of another cloud', 'https://userrequests-eu.securitycenter.windows.com/package.zip'],
	['the metadata service of clouds', 'https://169.254.169.254/package.zip'],
	['the store as a login', 'https://DOWNLOADS@evil.example/package.zip'],
	['a login', 'http://user:pass@DOWNLOADS/package.zip'],
	['look-alike dots', 'https://userrequests-eu\u3002securitycenter.windows.com/package.zip'],
	['a line break', 'http://DOWNLOADS\n.evil.example/package.zip'],
	['no link', null],
])('a link that leads elsewhere is rejected before any connection: %s', async (_what, link) => {
	const value = link?.replace('DOWNLOADS', new URL(emulator.downloadUrl).host) ?? null;
	emulator.faults.order({ kind: 'otherBody', body: { value }, path: /getPackageUri/ });
	const { error, items } = await collect();
	expect(error).toMatchObject({
		message:
			'The Defender API returned a link to an investigation package on a host that is not allowed',
		context: { details: { code: 'hostNotAllowed' } },
	});
	expect(items).toEqual([]);
	expect(fetches()).toEqual([]);
});

it('a redirect of the host of packages is not followed, not even to an allowed host', async () => {
	const location = `${emulator.downloadUrl}/elsewhere`;
	emulator.faults.order({ kind: 'redirect', location, on: 'download' });
	const { error } = await collect();
	expect(error?.message).toBe('The result store redirected to a host that is not allowed');
	expect(fetches()).toHaveLength(1);
});
