import { contosoMachineId, type Emulator } from '../../../emulator/emulator.mts';
import { runnerOf, shareEmulator, type More } from './sharedEmulator.mts';

jest.mock('../../../nodes/DefenderLiveResponse/limits/clock', () =>
	jest.requireActual('../../support/instantClock.mts'),
);

let emulator: Emulator;
shareEmulator(
	(started) => {
		emulator = started;
	},
	// Shared names and passing 404s have tests of their own: here calls and devices are counted.
	{ contoso: { sharedNames: false }, deviceLookup: { passingNotFound: 0 } },
);

const run = runnerOf('machine', () => emulator);

const get = async (mode: string, value: string, more: More = {}, parameters: object = {}) =>
	await run({ operation: 'get', machineId: { __rl: true, mode, value }, ...parameters }, more);

const getAll = async (filters: object, parameters: object = {}) =>
	await run({ operation: 'getAll', returnAll: true, filters, ...parameters });

/** Method and url of every API call, with the query as a person reads it. */
const apiCalls = () =>
	emulator.requests
		.matching(/./)
		.map(({ method, url }) => `${method} ${decodeURIComponent(url.replaceAll('+', ' '))}`);

const names = (result: { items: Array<{ json: { computerDnsName?: unknown } }> }) =>
	result.items.map(({ json }) => String(json.computerDnsName).split('.')[0]);

const finance = contosoMachineId('pc-fin-014.contoso.example');

describe('Get', () => {
	it.each(['list', 'id'])(
		'reads a device by its id (mode %s), ten fields at most',
		async (mode) => {
			const { items } = await get(mode, finance);
			expect(items).toEqual([
				{
					json: {
						machineId: finance,
						computerDnsName: 'pc-fin-014.contoso.example',
						healthStatus: 'Active',
						lastSeen: expect.stringMatching(/^20.*Z$/),
						osPlatform: 'Windows11',
						lastIpAddress: '10.20.1.14',
						riskScore: 'High',
						exposureLevel: 'Medium',
						machineTags: ['Finance', 'VIP'],
						rbacGroupName: 'Workstations',
					},
					pairedItem: { item: 0 },
				},
			]);
			expect(apiCalls()).toEqual([`GET /api/machines/${finance}`]);
		},
	);

	it("gives the API's own object without Simplify", async () => {
		const { items } = await get('id', finance, {}, { simplify: false });
		expect(items[0].json).toMatchObject({ id: finance, onboardingStatus: 'Onboarded' });
	});

	it('finds a device by its whole DNS name, whatever the case, in one call', async () => {
		const { items } = await get('name', ' PC-FIN-014.Contoso.Example ');
		expect(items[0].json.machineId).toBe(finance);
		expect(apiCalls()).toEqual([
			"GET /api/machines?$filter=(computerDnsName eq 'pc-fin-014.contoso.example' or computerDnsName eq 'PC-FIN-014.Contoso.Example')&$top=100",
		]);
	});

	it('finds a device by its Entra device id', async () => {
		const { aadDeviceId } = emulator.tenant.machines.get(finance)!.machine;
		const { items } = await get('id', String(aadDeviceId).toUpperCase());
		expect(items[0].json.machineId).toBe(finance);
		expect(apiCalls()).toEqual([
			`GET /api/machines?$filter=aadDeviceId eq ${aadDeviceId}&$top=100`,
		]);
	});

	it('takes a whole field from an expression, as a name or an id', async () => {
		const { items } = await run(
			{ operation: 'get', machineId: '={{ $json.device }}' },
			{ items: [{ json: { device: finance } }, { json: { device: 'srv-dc-01.contoso.example' } }] },
		);
		expect(names({ items })).toEqual(['pc-fin-014', 'srv-dc-01']);
	});

	it('asks once for a name that many items carry', async () => {
		const { items } = await get('name', '={{ $json.name }}', {
			items: Array.from({ length: 30 }, () => ({ json: { name: 'srv-dc-01.contoso.example' } })),
		});
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(items.map((_, item) => ({ item })));
		expect(items).toHaveLength(30);
		expect(apiCalls()).toHaveLength(1);
	});

	it('takes the active entry when a device was reinstalled under its name', async () => {
		const computerDnsName = 'pc-reinstalled.contoso.example';
		emulator.tenant.machines.add({ computerDnsName, healthStatus: 'Inactive' });
		const active = emulator.tenant.machines.add({ computerDnsName });
		emulator.tenant.machines.add({ computerDnsName, mergedIntoMachineId: active });
		const { items } = await get('name', computerDnsName);
		expect(items[0].json.machineId).toBe(active);
	});

	it('does not guess between two active devices of one name', async () => {
		const computerDnsName = 'localhost';
		const ids = [1, 2].map(() => emulator.tenant.machines.add({ computerDnsName }));
		const { error } = await get('name', computerDnsName);
		expect(error?.message).toBe('Several devices have this DNS name');
		expect(error?.description).toMatch(/Set 'Device' to 'By ID'/);
		for (const id of ids)
			expect(error?.description).toContain(`${id} (Windows11, no tags, Onboarded, Active, seen 20`);
	});

	it.each(['pc-fin-014', 'nowhere.contoso.example', "o'neill.contoso.example"])(
		'does not take %s for a device of a longer or another name',
		async (name) => {
			const { error } = await get('name', name);
			expect(error).toMatchObject({
				message: 'No device has this DNS name',
				httpCode: '404',
				description: expect.stringContaining('whole name is compared'),
				context: { itemIndex: 0 },
			});
		},
	);

	it('says when there is no device with this id', async () => {
		const { error } = await get('id', '0'.repeat(40));
		expect(error).toMatchObject({
			message: `Device ${'0'.repeat(40)} was not found`,
			httpCode: '404',
		});
	});

	it.each([
		['id', '', "'Device' is empty"],
		['id', 'pc-fin-014.contoso.example', "'Device' is neither the ID nor the name of a device"],
		['id', '../machineactions', "'Device' is neither the ID nor the name of a device"],
		['name', 'a b', "'Device' is neither the ID nor the name of a device"],
	])('mode %s with "%s" is refused before any call', async (mode, value, message) => {
		const { error } = await get(mode, '={{ $json.value }}', { items: [{ json: { value } }] });
		expect(error?.message).toBe(message);
		expect(emulator.requests.all).toEqual([]);
	});

	it('goes on with the other items when it may', async () => {
		const { items, status } = await get('name', '={{ $json.name }}', {
			items: [{ json: { name: 'nowhere' } }, { json: { name: 'srv-dc-01.contoso.example' } }],
			settings: { onError: 'continueRegularOutput' },
		});
		expect(status).toBe('success');
		expect(items[0]).toMatchObject({
			json: { error: 'No device has this DNS name' },
			pairedItem: { item: 0 },
		});
		expect(items[1].json.computerDnsName).toBe('srv-dc-01.contoso.example');
	});

	it('names the permission that is missing', async () => {
		emulator.faults.order({ kind: 'forbidden', count: 2 });
		expect((await get('id', finance)).error).toMatchObject({
			message:
				'The app registration may not do this: it needs Machine.ReadWrite.All. Grant it in Microsoft Entra, then open the credential in n8n and choose Retry, so that it gets a new token',
			httpCode: '403',
		});
		expect((await get('name', 'pc-fin-014.contoso.example')).error?.message).toBe(
			'The app registration may not do this: it needs Machine.ReadWrite.All. Grant it in Microsoft Entra, then open the credential in n8n and choose Retry, so that it gets a new token',
		);
	});
});

describe('Get Many', () => {
	it.each([
		['no filter', {}, ''],
		['id', { machineId: finance.toUpperCase() }, `$filter=id eq '${finance}'`],
		[
			'DNS name',
			{ computerDnsName: 'srv-dc-01.contoso.example' },
			"$filter=computerDnsName eq 'srv-dc-01.contoso.example'",
		],
		[
			'beginning of the DNS name',
			{ computerDnsNameStartsWith: 'PC-fin' },
			"$filter=(startswith(computerDnsName,'pc-fin') or startswith(computerDnsName,'PC-fin'))",
		],
		[
			'quotes in a name',
			{ computerDnsNameStartsWith: "o'ne' or 1 eq 1" },
			"$filter=startswith(computerDnsName,'o''ne'' or 1 eq 1')",
		],
		['health status', { healthStatus: ['Inactive'] }, "$filter=healthStatus eq 'Inactive'"],
		[
			'several values and fields',
			{ healthStatus: ['Active', 'Inactive'], riskScore: ['High'], osPlatform: 'Windows11' },
			"$filter=(healthStatus eq 'Active' or healthStatus eq 'Inactive') and osPlatform eq 'Windows11' and riskScore eq 'High'",
		],
		[
			'last seen',
			{ lastSeenAfter: '2026-01-01T00:00:00Z', lastSeenBefore: '2099-01-01T02:00:00+02:00' },
			'$filter=lastSeen ge 2026-01-01T00:00:00.000Z and lastSeen le 2099-01-01T00:00:00.000Z',
		],
		[
			'onboarding status',
			{ onboardingStatus: ['onboarded'] },
			"$filter=onboardingStatus eq 'Onboarded'",
		],
		[
			'exposure level and device value',
			{ exposureLevel: 'Medium,High', deviceValue: ['High'] },
			"$filter=deviceValue eq 'High' and (exposureLevel eq 'Medium' or exposureLevel eq 'High')",
		],
		['device group', { rbacGroupId: 2 }, '$filter=rbacGroupId eq 2'],
		['last address', { lastIpAddress: '10.20.1.14' }, "$filter=lastIpAddress eq '10.20.1.14'"],
	])('%s is filtered by the API in one call', async (_case, filters, query) => {
		const { status } = await getAll(filters);
		expect(status).toBe('success');
		expect(apiCalls()).toEqual([`GET /api/machines${query ? `?${query}` : ''}`]);
	});

	it('gives one item a device, paired with its input item', async () => {
		const result = await run(
			{
				operation: 'getAll',
				returnAll: true,
				filters: { computerDnsNameStartsWith: '={{ $json.start }}' },
			},
			{ items: [{ json: { start: 'srv-web' } }, { json: { start: 'mac-' } }] },
		);
		expect(names({ items: result.items.slice(0, 2) }).sort()).toEqual(['srv-web-01', 'srv-web-02']);
		expect(names({ items: result.items.slice(2) })).toEqual(['mac-des-03']);
		expect(result.items.map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 0 },
			{ item: 1 },
		]);
		expect(Object.keys(result.items[0].json)).toHaveLength(10);
	});

	it('finds devices by a whole tag or its beginning', async () => {
		expect(names(await getAll({ tag: 'Finance' }))).toEqual(['pc-fin-014', 'pc-fin-0140']);
		expect(names(await getAll({ tagStartsWith: 'Finance' }))).toEqual([
			'pc-fin-014',
			'pc-fin-0140',
			'pc-fin-015',
		]);
		expect(apiCalls()).toEqual([
			'GET /api/machines/findbytag?tag=Finance&useStartsWithFilter=false',
			'GET /api/machines/findbytag?tag=Finance&useStartsWithFilter=true',
		]);
	});

	it('holds the other filters against devices found by tag', async () => {
		const result = await getAll({ tagStartsWith: 'Fin', healthStatus: ['Inactive'] });
		expect(names(result)).toEqual(['pc-fin-015']);
	});

	it('holds what does not fit into a filter of the API against what it found', async () => {
		const { error, items } = await getAll({
			onboardingStatus: ['Onboarded', 'CanBeOnboarded', 'Unsupported', 'InsufficientInfo'],
			deviceValue: ['Normal', 'Low', 'High'],
			exposureLevel: ['None', 'Low', 'Medium', 'High'],
			healthStatus: ['Active', 'Inactive', 'ImpairedCommunication', 'NoSensorData', 'Unknown'],
			riskScore: ['High', 'Medium', 'Informational', 'None', 'Low'],
			rbacGroupId: '2',
		});
		expect(error).toBeUndefined();
		expect(names({ items }).sort()).toEqual([
			'srv-dc-01',
			'srv-legacy-02',
			'srv-web-01',
			'srv-web-02',
		]);
	});

	it('finds the device that had an address at a time', async () => {
		const time = new Date(Date.now() - 3_600_000);
		const result = await getAll({ ipAddress: '10.20.1.14', ipAddressTime: time.toISOString() });
		expect(names(result)).toEqual(['pc-fin-014']);
		expect(emulator.requests.matching(/./).map(({ url }) => url)).toEqual([
			`/api/machines/findbyip(ip='10.20.1.14',timestamp=${time.toISOString().slice(0, 19)}Z)`,
		]);
	});

	it('takes now as the time of an address, and nobody having it as no result', async () => {
		expect(names(await getAll({ ipAddress: '10.20.0.10' }))).toEqual(['srv-dc-01']);
		const nobody = await getAll({ ipAddress: '192.0.2.1' });
		expect(nobody).toMatchObject({ status: 'success', items: [] });
	});

	it.each([
		[{ ipAddress: '10.20.1.0/24' }, "'IP Address' is not an IP address"],
		[{ ipAddress: "1',timestamp=x)" }, "'IP Address' is not an IP address"],
		[{ ipAddress: '10.20.1.256' }, "'IP Address' is not an IP address"],
		[{ lastIpAddress: '::1::' }, "'Last IP Address' is not an IP address"],
		[{ lastIpAddress: '10.20.1.14:443' }, "'Last IP Address' is not an IP address"],
		[{ rbacGroupId: 'Servers' }, "'Device Group ID' is not the number of a device group"],
		[{ onboardingStatus: ['on'] }, "'Onboarding Status' has an unknown value"],
		[{ exposureLevel: 'Severe' }, "'Exposure Level' has an unknown value"],
		[{ deviceValue: ['None'] }, "'Device Value' has an unknown value"],
		[{ lastSeenAfter: 'yesterday' }, "'Last Seen After' is not a time"],
		[
			{ ipAddress: '10.20.1.14', ipAddressTime: '2020-01-01T00:00:00Z' },
			"'IP Address at Time' is more than 30 days ago",
		],
		[{ ipAddressTime: '2026-01-01T00:00:00Z' }, "'IP Address at Time' is set without 'IP Address'"],
		[{ lastSeenAfter: 'yesterday-ish' }, "'Last Seen After' is not a time"],
		[{ healthStatus: '={{ "Sleepy" }}' }, "'Health Status' has an unknown value"],
	])('%j is refused before any call', async (filters, message) => {
		const { error } = await getAll(filters);
		expect(error).toMatchObject({ message, description: expect.any(String) });
		expect(emulator.requests.all).toEqual([]);
	});

	it('returns 50 by default, as many as the limit says, or all, over any number of pages', async () => {
		const start = 'many-';
		for (let at = 0; at < 60; at++) {
			emulator.tenant.machines.add({ computerDnsName: `${start}${at}.contoso.example` });
		}
		emulator.configure({ pageSize: 7 });
		const filters = { computerDnsNameStartsWith: start };
		expect((await run({ operation: 'getAll', filters })).items).toHaveLength(50);
		emulator.requests.clear();
		expect((await run({ operation: 'getAll', filters, limit: 3 })).items).toHaveLength(3);
		expect(apiCalls()).toEqual([
			"GET /api/machines?$filter=startswith(computerDnsName,'many-')&$top=3",
		]);
		emulator.requests.clear();
		const all = await getAll(filters);
		expect(new Set(names(all)).size).toBe(60);
		expect(apiCalls()).toHaveLength(9);
	});

	it('names the permission that is missing', async () => {
		emulator.faults.order({ kind: 'forbidden' });
		const { error } = await getAll({});
		expect(error).toMatchObject({
			message:
				'The app registration may not do this: it needs Machine.ReadWrite.All. Grant it in Microsoft Entra, then open the credential in n8n and choose Retry, so that it gets a new token',
			httpCode: '403',
		});
	});
});
