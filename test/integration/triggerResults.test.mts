/** The results the trigger gives, and what becomes of those that cannot be had. */
import type { INodeExecutionData } from 'n8n-workflow';

import { binaryBytes, prepareBinaryStore, removeBinaryStore, runNode } from '../support/engine.mts';
import { systemClock } from '../support/instantClock.mts';
import { StoredCredential } from '../support/storedCredential.mts';
import { FINANCE, idsOf, SERVER, TRAVEL, TriggerTenant } from './triggerTenant.mts';

jest.mock('../../nodes/DefenderLiveResponse/limits/clock', () =>
	jest.requireActual('../support/instantClock.mts'),
);

let tenant: TriggerTenant;

beforeAll(async () => {
	await prepareBinaryStore();
	tenant = await TriggerTenant.open();
});

afterAll(async () => {
	await tenant.emulator.stop();
	removeBinaryStore();
});

beforeEach(async () => await tenant.reset());

const NOTES = 'C:\\Users\\Public\\Documents\\notes.txt';
const session = [
	{ type: 'PutFile' as const, value: 'tool.exe' },
	{ type: 'RunScript' as const, value: 'triage.ps1' },
	{ type: 'GetFile' as const, value: NOTES },
];

const active = async (parameters: object = {}, more: object = {}) => {
	const trigger = tenant.trigger({ parameters: { ...parameters }, ...more });
	expect(await trigger.activate()).toEqual({ items: null });
	return trigger;
};

const linkOf = (id: string) => new RegExp(`${id}/GetLiveResponseResultDownloadLink`);

describe('results', () => {
	it("are the items that 'Get Script Output' gives with All Commands", async () => {
		const trigger = await active({ options: { includeFiles: true } });
		const id = await tenant.run(session);
		const { items } = await trigger.poll();
		const node = await runNode({
			parameters: {
				resource: 'result',
				operation: 'parseTranscript',
				source: 'machineAction',
				machineActionId: { __rl: true, mode: 'id', value: id },
				allCommands: true,
				options: {},
			},
			credential: new StoredCredential(tenant.emulator.credential),
		});
		expect(items).toHaveLength(3);
		expect(items!.map(({ json }) => json)).toEqual(node.items.map(({ json }) => json));
		expect((await binaryBytes(items![2])).toString()).toBe('Grüße aus Zürich\r\n');
	});

	it('that are files stay where they are unless they are asked for', async () => {
		const trigger = await active();
		const id = await tenant.run([{ type: 'GetFile', value: NOTES }]);
		tenant.calls();
		const { items } = await trigger.poll();
		expect(items).toEqual([
			{
				json: {
					machineActionId: id,
					machineId: expect.any(String),
					computerDnsName: FINANCE,
					status: 'Succeeded',
					commandIndex: 0,
					commandType: 'GetFile',
					commandStatus: 'Completed',
					requestor: 'analyst@contoso.example',
					comment: 'Triage',
					startTime: expect.stringMatching(/Z$/),
					endTime: expect.stringMatching(/Z$/),
					filePath: NOTES,
				},
			},
		]);
		expect(tenant.calls()).toHaveLength(1);
	});

	it('cost one call for each command that has one', async () => {
		const trigger = await active({ options: { includeFiles: true } });
		const id = await tenant.run(session);
		tenant.calls();
		await trigger.poll();
		expect(tenant.calls()).toEqual([
			expect.stringMatching(/^GET \/api\/machineactions\?/),
			`GET /api/machineactions/${id}/GetLiveResponseResultDownloadLink(index=1)`,
			`GET /api/machineactions/${id}/GetLiveResponseResultDownloadLink(index=2)`,
		]);
	});

	it('of commands that failed or never ran say why', async () => {
		const trigger = await active();
		await tenant.run([
			{ type: 'RunScript', value: 'unsigned.ps1' },
			{ type: 'GetFile', value: NOTES },
		]);
		const { items } = await trigger.poll();
		expect(items!.map(({ json }) => json.reason)).toEqual([
			expect.stringContaining('not signed'),
			'Not started, because command 0 (RunScript) failed',
		]);
	});

	it('of a machine action without commands are the action itself', async () => {
		const trigger = await active();
		const { actions } = tenant.emulator.tenant;
		const id = actions.add({ createdSecondsAgo: 2, tookSeconds: 1, commands: [] });
		const { items } = await trigger.poll();
		expect(items!.map(({ json }) => json)).toEqual([
			expect.objectContaining({ machineActionId: id, finished: true, commands: [] }),
		]);
	});

	it('of machine actions in odd forms say what is known, and hold back no other', async () => {
		const trigger = await active();
		const add = (commands: unknown, status: 'Succeeded' | 'TimeOut' = 'Succeeded') =>
			tenant.emulator.tenant.actions.add({
				status,
				createdSecondsAgo: 2,
				tookSeconds: 1,
				shownAs: { commands },
			});
		const putFile = add(['PutFile']);
		const cutOff = add(
			[{ index: 0, commandStatus: 'Executing', command: { type: 'RunScript', params: null } }],
			'TimeOut',
		);
		const nothing = add([null]);
		const usual = await tenant.run('triage.ps1');
		const { items } = await trigger.poll();
		const shown = new Map(items!.map(({ json }) => [json.machineActionId, json]));
		expect(shown.get(putFile)).toMatchObject({ commandType: 'PutFile', status: 'Succeeded' });
		expect(shown.get(cutOff)).toMatchObject({ reason: expect.stringMatching(/may still run/) });
		expect(shown.get(nothing)).toMatchObject({ commandType: 'Unknown' });
		expect(shown.get(usual)).toMatchObject({ exit_code: 0 });
		expect(await trigger.poll()).toEqual({ items: null });
	});

	it('are read as the options say', async () => {
		const trigger = await active({
			binaryPropertyName: 'evidence',
			options: { includeFiles: true, parseOutputAsJson: true, rawOutput: true, decompress: false },
		});
		await tenant.run(session);
		const { items } = await trigger.poll();
		expect(items![1].json).toMatchObject({
			output: expect.stringMatching(/^Transcript started/),
			output_json: { hostname: 'pc-fin-014' },
		});
		expect(items![2].json).toMatchObject({ compressed: true, mimeType: 'application/gzip' });
		expect(items![2].binary).toHaveProperty('evidence');
	});
});

describe('a result that cannot be had', () => {
	it('leaves its item with the reason, and holds back no other', async () => {
		const trigger = await active();
		const gone = tenant.start('triage.ps1', FINANCE);
		const fine = tenant.start('triage.ps1', SERVER);
		await tenant.end();
		tenant.emulator.faults.order({ kind: 'forbidden', path: linkOf(gone), count: Infinity });
		const { items } = await trigger.poll();
		expect(items!.find(({ json }) => json.machineActionId === gone)!.json).toEqual({
			machineActionId: gone,
			machineId: expect.any(String),
			computerDnsName: FINANCE,
			status: 'Succeeded',
			commandIndex: 0,
			commandType: 'RunScript',
			commandStatus: 'Completed',
			requestor: 'analyst@contoso.example',
			comment: 'Triage',
			startTime: expect.any(String),
			endTime: expect.any(String),
			reason: expect.stringMatching(
				/^The app registration may not do this: it needs Machine\.LiveResponse and Machine\.ReadWrite\.All\. Grant it in Microsoft Entra, then open the credential in n8n and choose Retry, so that it gets a new token\. In the Microsoft Entra admin center, /,
			),
		});
		expect(items!.find(({ json }) => json.machineActionId === fine)!.json).toMatchObject({
			exit_code: 0,
		});
		expect(await trigger.poll()).toEqual({ items: null });
	});

	it('does not take away the results of the other commands', async () => {
		const trigger = await active({ options: { includeFiles: true } });
		const id = await tenant.run(session);
		tenant.emulator.faults.order({
			kind: 'blobNotFound',
			path: /triage|output_.*_1\.json/,
			count: Infinity,
		});
		const { items } = await trigger.poll();
		expect(items!.map(({ json }) => json.commandIndex)).toEqual([0, 1, 2]);
		expect(items![1].json.reason).toMatch(/^The result store did not return the result file\. /);
		expect(items![2].json).toMatchObject({ machineActionId: id, fileName: 'notes.txt' });
	});

	it('because it is too large says so', async () => {
		const trigger = await active({ options: { maxFileSizeMb: 0.000001 } });
		await tenant.run('triage.ps1');
		const { items } = await trigger.poll();
		expect(items![0].json.reason).toMatch(/^The result file is larger than 'Max File Size'/);
	});

	it.each([
		['the service', { kind: 'serverError' }],
		['a call that took the service too long', { kind: 'otherBody', status: 408, body: {} }],
		['a network that breaks', { kind: 'resetBefore' }],
	] as const)('for now, because of %s, comes with a later poll', async (_case, fault) => {
		const trigger = await active();
		const late = tenant.start('triage.ps1', FINANCE);
		const fine = tenant.start('triage.ps1', SERVER);
		await tenant.end();
		tenant.emulator.faults.order({ ...fault, path: linkOf(late), count: Infinity });
		expect(idsOf(await trigger.poll())).toEqual([fine]);
		tenant.emulator.faults.clear();
		const { items } = await trigger.poll();
		expect(items!.map(({ json }) => [json.machineActionId, json.exit_code])).toEqual([[late, 0]]);
		expect(await trigger.poll()).toEqual({ items: null });
	});

	it('for now, because of a token that Defender does not take, comes with a later poll', async () => {
		const trigger = await active();
		const ids = [tenant.start('triage.ps1', FINANCE), tenant.start('triage.ps1', SERVER)];
		await tenant.end();
		tenant.emulator.faults.order({ kind: 'unauthorized', path: linkOf(ids[0]), count: Infinity });
		const before = idsOf(await trigger.poll());
		expect(before).not.toContain(ids[0]);
		tenant.emulator.faults.clear();
		expect([...before, ...idsOf(await trigger.poll())].sort()).toEqual([...ids].sort());
		expect(await trigger.poll()).toEqual({ items: null });
	});

	it('for now, because a limit is used up, comes when calls may be made again', async () => {
		const trigger = await active();
		const id = await tenant.run();
		tenant.emulator.faults.order({ kind: 'tooManyRequests', seconds: 900, path: linkOf(id) });
		expect(await trigger.poll()).toEqual({ items: null });
		await systemClock.sleep(900_000);
		expect(idsOf(await trigger.poll())).toEqual([id]);
	});

	it("for now, because of the store's limit, holds back no other, and comes out with the reason the third time", async () => {
		const trigger = await active();
		const busy = tenant.start('triage.ps1', FINANCE);
		tenant.emulator.advance(1);
		const others = Array.from({ length: 8 }, () => tenant.start('triage.ps1', TRAVEL));
		tenant.setOnline(TRAVEL, true);
		await tenant.end(120);
		tenant.emulator.faults.order({
			kind: 'tooManyRequests',
			on: 'download',
			path: new RegExp(`output_${busy}`),
			count: Infinity,
		});
		expect(idsOf(await trigger.poll()).sort()).toEqual([...others].sort());
		expect(await trigger.poll()).toEqual({ items: null });
		const { items } = await trigger.poll();
		expect(items!.map(({ json }) => json)).toEqual([
			expect.objectContaining({
				machineActionId: busy,
				reason: expect.stringMatching(
					/^The result store could not be reached\. It answered with HTTP status 429 /,
				),
			}),
		]);
	});

	it('three times in a row comes out with the reason', async () => {
		const trigger = await active({}, { durableCursors: true });
		await trigger.poll();
		const id = await tenant.run();
		tenant.emulator.faults.order({ kind: 'serverError', path: linkOf(id), count: Infinity });
		expect(await trigger.poll()).toEqual({ items: null });
		expect(await trigger.restart()).toEqual({ items: null });
		const { items } = await trigger.poll();
		expect(items!.map(({ json }) => json)).toEqual([
			expect.objectContaining({
				machineActionId: id,
				reason: expect.stringMatching(/^The Defender API answered with HTTP status 500\. /),
			}),
		]);
	});

	it('in the time a poll has comes with a later one, and at last without', async () => {
		const trigger = await active({}, { budgetMs: 400 });
		const id = await tenant.run();
		tenant.emulator.faults.order({ kind: 'slowBody', bytesPerSecond: 1, count: Infinity });
		expect(await trigger.poll()).toEqual({ items: null });
		expect(await trigger.poll()).toEqual({ items: null });
		const { items } = await trigger.poll();
		expect(items!.map(({ json }) => json)).toEqual([
			expect.objectContaining({
				machineActionId: id,
				reason:
					"The result could not be fetched within the time of one poll. Read it with the operation 'Get Script Output' or 'Download'.",
			}),
		]);
	});
});

describe('more results than a poll has time for', () => {
	const startMany = async (count: number) => {
		for (let at = 0; at < count; at++) {
			tenant.start('triage.ps1', TRAVEL);
			tenant.emulator.advance(1);
		}
		tenant.setOnline(TRAVEL, true);
		await tenant.end(120);
	};

	it('come with the next polls, each once, in the order in which they ended', async () => {
		const credential = { ...tenant.emulator.credential, callsPerMinute: 40 };
		const trigger = await active(
			{},
			{ credential: new StoredCredential(credential), budgetMs: 60_000 },
		);
		await startMany(150);
		const polls: INodeExecutionData[][] = [];
		for (let poll = 0; poll < 10 && polls.flat().length < 150; poll++) {
			const { items } = await (poll === 1 ? trigger.restart() : trigger.poll());
			polls.push(items ?? []);
			await systemClock.sleep(60_000);
		}
		expect(polls.filter(({ length }) => length > 0).length).toBeGreaterThan(2);
		const delivered = polls.flat();
		expect(delivered).toHaveLength(150);
		expect(new Set(idsOf({ items: delivered })).size).toBe(150);
		const ends = delivered.map(({ json }) => String(json.endTime));
		expect(ends).toEqual([...ends].sort());
		expect(await trigger.poll()).toEqual({ items: null });
	});

	it('come when the limit allows it, and its use is no failed attempt', async () => {
		const trigger = await active();
		await startMany(12);
		const limited = tenant.emulator.faults;
		limited.order({
			kind: 'tooManyRequests',
			seconds: 900,
			path: /GetLiveResponseResultDownloadLink/,
			count: Infinity,
		});
		for (let poll = 0; poll < 4; poll++) {
			expect(await trigger.poll()).toEqual({ items: null });
			await systemClock.sleep(900_000);
		}
		limited.clear();
		const { items } = await trigger.poll();
		expect(items!.map(({ json }) => json.exit_code)).toEqual(Array(12).fill(0));
	});
});
