import { contosoActions, contosoMachineId, type Emulator } from '../../../emulator/emulator.mts';
import { listMessage, searchList, type ListSearchMethod } from '../../support/loadOptions.mts';
import { StoredCredential } from '../../support/storedCredential.mts';
import { startTestEmulator } from '../../support/testEmulator.mts';
import { newestQuery, shareEmulator } from './sharedEmulator.mts';

jest.mock('../../../nodes/DefenderLiveResponse/limits/clock', () =>
	jest.requireActual('../../support/instantClock.mts'),
);

let emulator: Emulator;
/** Actions in odd forms are part of every list here; entries that share a name are a matter of their own. */
const contoso = { oddActions: true, sharedNames: false };

shareEmulator(
	async (started) => {
		emulator = started;
		await search('searchMachineActions');
	},
	{ contoso },
);

const search = async (method: ListSearchMethod, filter?: string, token?: string) =>
	await searchList(method, new StoredCredential(emulator.credential), filter, token);

const names = async (method: ListSearchMethod, filter?: string) =>
	(await search(method, filter)).results.map(({ name }) => name);

/** Every page, as the editor fetches them while the user scrolls. */
async function allPages(method: ListSearchMethod, filter?: string) {
	const pages = [await search(method, filter)];
	while (pages.length < 20) {
		const token = pages.at(-1)!.paginationToken;
		if (token === undefined) return pages.map(({ results }) => results);
		pages.push(await search(method, filter, token));
	}
	throw new Error('The list has no last page');
}

/** The query of every API call, as a person reads it. */
const queries = () =>
	emulator.requests
		.matching(/./)
		.map(({ url }) => decodeURIComponent(url.replace(/^\/api/, '').replaceAll('+', ' ')));

describe('the list of devices', () => {
	it('shows name and platform, and of a device that is not active since when', async () => {
		const { results } = await search('searchMachines');
		expect(results).toHaveLength(emulator.tenant.machines.all.length);
		expect(results).toContainEqual({
			name: 'pc-fin-014.contoso.example (Windows11)',
			value: contosoMachineId('pc-fin-014.contoso.example'),
		});
		expect(results).toContainEqual({
			name: expect.stringMatching(
				/^pc-fin-015\.contoso\.example \(Windows11, Inactive, seen 20\d\d-\d\d-\d\d\)$/,
			),
			value: contosoMachineId('pc-fin-015.contoso.example'),
		});
		expect(queries()).toEqual(['/machines?$top=50']);
	});

	it.each([
		['the beginning of a name', ' PC-Fin ', ['pc-fin-014', 'pc-fin-0140', 'pc-fin-015']],
		['an address', '10.20.0.10', ['srv-dc-01']],
		['an id', contosoMachineId('srv-web-01.contoso.example'), ['srv-web-01']],
		['nothing that is there', 'zzz', []],
	])('is searched by %s', async (_what, typed, expected) => {
		const found = await names('searchMachines', typed);
		expect(found.map((name) => name.split('.')[0]).sort()).toEqual(expected);
		expect(queries()).toHaveLength(1);
	});

	it('quotes what the user types', async () => {
		expect(await names('searchMachines', "o'neill' or startswith(id,'")).toEqual([]);
		expect(queries()).toEqual([
			"/machines?$filter=startswith(computerDnsName,'o''neill'' or startswith(id,''')&$top=50",
		]);
	});

	it('comes page by page, with the search kept', async () => {
		for (let at = 0; at < 120; at++) {
			emulator.tenant.machines.add({ computerDnsName: `paged-${at}.contoso.example` });
		}
		const pages = await allPages('searchMachines', 'paged-');
		expect(pages.map((page) => page.length)).toEqual([50, 50, 20]);
		expect(new Set(pages.flat().map(({ value }) => value)).size).toBe(120);
		expect(queries()[1]).toBe(
			"/machines?$filter=startswith(computerDnsName,'paged-')&$top=50&$skip=50",
		);
	});

	it('comes whole when the API hands out smaller pages', async () => {
		emulator.configure({ pageSize: 5 });
		const pages = await allPages('searchMachines', 'paged-');
		expect(pages.map((page) => page.length)).toEqual([50, 50, 20]);
	});
});

describe('the list of library files', () => {
	it('is sorted by name', async () => {
		const { results } = await search('searchLibraryFiles');
		expect(results.slice(0, 2)).toEqual([
			{ name: 'colours.ps1', value: 'colours.ps1' },
			{ name: 'exit-323.ps1', value: 'exit-323.ps1' },
		]);
		expect(results).toHaveLength(emulator.tenant.library.all.length);
	});

	it('is searched by a part of name or description, here: the API cannot', async () => {
		expect(await names('searchLibraryFiles', 'DUMP')).toEqual(['minidump.ps1']);
		expect(await names('searchLibraryFiles', 'processes and')).toEqual(['triage.ps1']);
		expect(await names('searchLibraryFiles', 'zzz')).toEqual([]);
		expect(queries()).toEqual(['/libraryfiles', '/libraryfiles', '/libraryfiles']);
	});
});

describe('the list of machine actions', () => {
	it('shows what ran where, how it ended and when, newest first', async () => {
		const { results } = await search('searchMachineActions');
		expect(results.map(({ name }) => name)).toEqual([
			'patch_check.ps1 on pc-fin-014.contoso.example, Succeeded, 1 hour ago',
			'minidump.ps1 on pc-fin-014.contoso.example, Succeeded, 2 hours ago',
			'hello.sh on srv-web-01.contoso.example, Succeeded, 3 hours ago',
			'fails.ps1 on pc-fin-014.contoso.example, Succeeded, 4 hours ago',
			'C:\\Users\\Public\\Documents\\notes.txt on pc-fin-014.contoso.example, Succeeded, 5 hours ago',
			'tool.exe on pc-fin-014.contoso.example, Succeeded, 6 hours ago',
			'tool.exe and 2 more on pc-fin-014.contoso.example, Succeeded, 7 hours ago',
			'tool.exe and 2 more on pc-fin-014.contoso.example, Failed, 8 hours ago',
			'triage.ps1 on pc-fin-015.contoso.example, TimeOut, 30 hours ago',
			'hello.sh on srv-web-02.contoso.example, Cancelled, 40 hours ago',
			'PutFile on pc-fin-014.contoso.example, Succeeded, 2 days ago',
			'RunScript on pc-fin-014.contoso.example, Succeeded, 2 days ago',
			'hangs.ps1 on pc-fin-014.contoso.example, TimeOut, 3 days ago',
			'triage.ps1 on pc-fin-014.contoso.example, Cancelled, 3 days ago',
			'tool.exe on pc-fin-014.contoso.example, Succeeded, at an unknown time',
		]);
		expect(results[0].value).toBe(contosoActions.realTranscript);
		expect(queries()).toEqual([
			`/machineactions?$filter=type eq 'LiveResponse'&${newestQuery(emulator, 50)}`,
		]);
	});

	const web = [
		contosoMachineId('srv-web-01.contoso.example'),
		contosoMachineId('srv-web-02.contoso.example'),
	];

	it('is searched by the beginning of a device name, through the ids of those devices', async () => {
		const { results } = await search('searchMachineActions', 'SRV-web');
		expect(results.map(({ value }) => value)).toEqual([
			contosoActions.linuxScript,
			contosoActions.cancelled,
		]);
		expect(queries()).toEqual([
			"/machines?$filter=(startswith(computerDnsName,'srv-web') or startswith(computerDnsName,'SRV-web'))&$top=18",
			expect.stringContaining(`&${newestQuery(emulator, 50)}`),
		]);
		const [, query] = queries();
		expect(query).toMatch(
			/^\/machineactions\?\$filter=type eq 'LiveResponse' and \(startswith\(requestor,'SRV-web'\)( or machineId eq '[0-9a-f]{40}'){2}\)&/,
		);
		expect(web.filter((id) => query.includes(id))).toEqual(web);
	});

	it.each([
		['a device id', web[0], 1],
		['the id of a machine action', contosoActions.failed.toUpperCase(), 1],
		['who started it', 'analyst@', 15],
		['a requestor with spaces', 'n8n Live', 0],
	])('is searched by %s, in one call', async (_what, typed, count) => {
		expect((await search('searchMachineActions', typed)).results).toHaveLength(count);
		expect(queries()).toHaveLength(1);
	});

	it('quotes what the user types', async () => {
		await search('searchMachineActions', "d'arcy@contoso.example");
		expect(queries()[0]).toContain("startswith(requestor,'d''arcy@contoso.example')");
	});

	it('can be searched by requestor without the permission to read devices', async () => {
		emulator.faults.order({ kind: 'forbidden', path: /\/machines\?/ });
		expect((await search('searchMachineActions', 'analyst')).results).toHaveLength(15);
	});

	it('comes page by page, and the devices are looked up for the first one only', async () => {
		for (let at = 0; at < 60; at++) {
			emulator.tenant.actions.add({ machineId: web[1], createdSecondsAgo: 500_000 + at });
		}
		const pages = await allPages('searchMachineActions', 'srv-web-02');
		expect(pages.map((page) => page.length)).toEqual([50, 11]);
		expect(queries().map((query) => query.split('?')[0])).toEqual([
			'/machines',
			'/machineactions',
			'/machineactions',
		]);
	});
});

describe('when there is nothing to show', () => {
	it.each<[ListSearchMethod, string]>([
		['searchMachines', 'Machine.ReadWrite.All'],
		['searchLibraryFiles', 'Library.Manage'],
		['searchMachineActions', 'Machine.ReadWrite.All'],
	])('%s names the permission that is missing', async (method, permission) => {
		emulator.faults.order({ kind: 'forbidden' });
		expect(await listMessage(search(method))).toEqual({
			message: `The app registration may not do this: it needs ${permission}. Grant it in Microsoft Entra, then open the credential in n8n and choose Retry, so that it gets a new token`,
			description: expect.stringContaining("choose 'Grant admin consent'"),
			httpCode: '403',
		});
	});

	describe('in an empty tenant', () => {
		let empty: Emulator;

		beforeAll(async () => {
			empty = await startTestEmulator({
				limits: { callsPerMinute: 10_000, callsPerHour: 100_000 },
				tenant: 'empty',
				signIn: { tokensWithoutRoles: 0 },
			});
		});

		afterAll(async () => await empty.stop());

		const inEmpty = async (method: ListSearchMethod, filter?: string) =>
			await searchList(method, new StoredCredential(empty.credential), filter);

		it.each<[ListSearchMethod, string, RegExp]>([
			['searchMachines', 'Defender lists no devices in this tenant', /onboarded/],
			[
				'searchLibraryFiles',
				'The live response library is empty',
				/operation 'Upload' of the resource 'Library File'/,
			],
			[
				'searchMachineActions',
				'There are no live responses in this tenant yet',
				/resource 'Live Response'/,
			],
		])('%s says why, and what to do', async (method, message, advice) => {
			const shown = await listMessage(inEmpty(method));
			expect(shown).toEqual({
				message,
				description: expect.stringMatching(advice),
				httpCode: null,
			});
			// The editor cuts messages at hyphens.
			expect(message).not.toMatch(/[-–—]/);
		});

		it.each<[ListSearchMethod]>([['searchMachines'], ['searchMachineActions']])(
			'a search in %s that finds nothing leaves the search box to the user',
			async (method) => {
				expect(await inEmpty(method, 'x')).toEqual({ results: [] });
			},
		);
	});
});
