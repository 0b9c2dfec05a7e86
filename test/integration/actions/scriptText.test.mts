/** A script that the workflow carries: kept in the library by its content, and run. */
import { createHash } from 'node:crypto';

import { callTool } from '../../support/agentOnEngine.mts';
import { type NodeRun } from '../../support/engine.mts';
import { startProcess } from '../../support/nodeProcess.mts';
import { byId } from '../../support/resourceLocator.mts';
import {
	credential,
	emulator,
	runOnTenant,
	tenantForEachTest,
	type More,
} from '../../support/testBed.mts';

jest.mock('../../../nodes/DefenderLiveResponse/limits/clock', () =>
	jest.requireActual('../../support/instantClock.mts'),
);

let devices: Record<'windows' | 'linux', string>;

tenantForEachTest({
	scripts: { allowsUnsigned: true },
	limits: { runsPerMinute: 1000, callsPerMinute: 10_000, callsPerHour: 100_000 },
});

beforeEach(() => {
	devices = {
		windows: emulator.tenant.machines.add({ computerDnsName: 'pc-1.example' }),
		linux: emulator.tenant.machines.add({ computerDnsName: 'srv-1.example', osPlatform: 'Ubuntu' }),
	};
});

const run = async (parameters: object, more: More = {}) =>
	await runOnTenant(
		{
			resource: 'liveResponse',
			operation: 'runScript',
			machineId: byId(devices.windows),
			comment: 'Alert 4711',
			options: {},
			...parameters,
		},
		more,
	);

const ofText = (scriptText: string, scriptType = 'powershell') => ({
	scriptSource: 'text',
	scriptType,
	scriptText,
});

const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('hex');
const nameOf = (content: string, ending = 'ps1') => `n8n-${sha256(content).slice(0, 16)}.${ending}`;
const uploads = () => emulator.requests.matching(/^POST .*libraryfiles/);
const lists = () => emulator.requests.matching(/^GET .*libraryfiles/);
const starts = () => emulator.requests.matching(/runliveresponse/);
const commandsOf = (request: { body: string }) =>
	(JSON.parse(request.body) as { Commands: object[] }).Commands;
const runsOf = (fileName: string, machineId = devices.windows) =>
	emulator.tenant.machines.runsOf(machineId, fileName);

const HELLO = "Write-Output 'Hello from the workflow'\n";

/** So many devices, each with a text, and the items that name both. */
function fleet(count: number): NodeRun['items'] {
	return Array.from({ length: count }, (_, at) => ({
		json: { id: emulator.tenant.machines.add({ computerDnsName: `pc-f${at}.example` }) },
	}));
}

describe('a text', () => {
	it('is kept under the name of its content, runs, and its output is there', async () => {
		const { items, status } = await run(ofText(HELLO));
		expect(status).toBe('success');
		expect(items[0].json).toMatchObject({
			script_name: nameOf(HELLO),
			exit_code: 0,
			output: 'Hello from the workflow',
		});
		expect(emulator.tenant.library.get(nameOf(HELLO))).toMatchObject({
			content: Buffer.from(HELLO),
			entity: { description: 'Kept by n8n and named after its content' },
		});
		expect(runsOf(nameOf(HELLO))).toBe(1);
	});

	it('runs as bash on Linux', async () => {
		const text = '#!/bin/bash\necho "from bash"\n';
		const { items } = await run({
			...ofText(text, 'bash'),
			machineId: byId(devices.linux),
		});
		expect(items[0].json).toMatchObject({ script_name: nameOf(text, 'sh'), output: 'from bash' });
	});

	it('stays as it is, whatever in it looks like an expression', async () => {
		const text = "Write-Output '{{ $json.id }} $($env:PATH) ${x}'\n# =1+1\n";
		await run(ofText(text), { items: [{ json: { id: 'never' } }] });
		expect(emulator.tenant.library.get(nameOf(text))?.content.toString()).toBe(text);
	});

	it('that is there already is compared and not sent again', async () => {
		emulator.tenant.library.add({ fileName: nameOf(HELLO), content: HELLO });
		expect((await run(ofText(HELLO))).status).toBe('success');
		expect([lists().length, uploads().length, runsOf(nameOf(HELLO))]).toEqual([1, 0, 1]);
	});

	it('does not run when the library has something else under its name', async () => {
		emulator.tenant.library.add({ fileName: nameOf(HELLO), content: 'Remove-Item C:\\' });
		const { error } = await run(ofText(HELLO));
		expect(error?.message).toBe('The library has another file under the name of this script');
		expect(error?.description).toContain(`'${nameOf(HELLO)}'`);
		expect(error?.context?.details).toMatchObject({ code: 'scriptChanged' });
		expect([uploads().length, starts().length]).toEqual([0, 0]);
	});

	it('is one list and one upload for 30 items with 3 texts, and no upload in the next execution', async () => {
		const items = fleet(10);
		const texts = ['one', 'two', 'three'].map((word) => `Write-Output '${word}'`);
		const commands = {
			operation: 'runCommands',
			machineId: byId('={{ $json.id }}'),
			commands: { command: texts.map((each) => ({ type: 'RunScript', ...ofText(each) })) },
		};
		const first = await run(commands, { items });
		expect(first.items.map(({ json }) => json.output)).toEqual(
			items!.flatMap(() => ['one', 'two', 'three']),
		);
		expect([lists().length, uploads().length]).toEqual([1, 3]);

		emulator.requests.clear();
		const second = await run(commands, { items });
		expect(second.status).toBe('success');
		expect([lists().length, uploads().length]).toEqual([1, 0]);
	});

	it('that another worker brings at the same moment is uploaded once, and both run it', async () => {
		const other = emulator.tenant.machines.add({ computerDnsName: 'pc-2.example' });
		const [one, two] = await Promise.all([
			run(ofText(HELLO), { executionId: '1' }),
			run({ ...ofText(HELLO), machineId: byId(other) }, { executionId: '2', node: startProcess() }),
		]);
		expect([one.status, two.status]).toEqual(['success', 'success']);
		expect([runsOf(nameOf(HELLO)), runsOf(nameOf(HELLO), other)]).toEqual([1, 1]);
		expect(emulator.tenant.library.get(nameOf(HELLO))?.content.toString()).toBe(HELLO);
	});

	it('that another has uploaded since the list is taken as one’s own', async () => {
		emulator.faults.order({ kind: 'lostAnswer', method: 'POST', path: /libraryfiles/ });
		const { status } = await run(ofText(HELLO));
		expect(status).toBe('success');
		expect(runsOf(nameOf(HELLO))).toBe(1);
	});

	it('does not replace what somebody has put under its name since the list', async () => {
		emulator.tenant.library.add({ fileName: nameOf(HELLO), content: 'Remove-Item C:\\' });
		const list = { method: 'GET', path: /libraryfiles/ } as const;
		emulator.faults.order({ kind: 'otherBody', body: { value: [] }, ...list });
		const { error } = await run(ofText(HELLO));
		expect(error?.context?.details).toMatchObject({ code: 'scriptChanged' });
		expect(emulator.tenant.library.get(nameOf(HELLO))?.content.toString()).toBe('Remove-Item C:\\');
		expect([uploads().length, starts().length]).toEqual([1, 0]);
	});

	it('waits for a limit of uploads, however many texts there are', async () => {
		emulator.configure({ limits: { uploadsPerMinute: 6 }, retryAfter: 'absent' });
		const command = Array.from({ length: 15 }, (_, at) => ({
			type: 'RunScript',
			...ofText(`Write-Output '${at}'`),
		}));
		const { items, status } = await run({ operation: 'runCommands', commands: { command } });
		expect(status).toBe('success');
		expect(items.map(({ json }) => json.output)).toEqual(command.map((_, at) => String(at)));
	});

	it('needs a permission, which is named', async () => {
		emulator.faults.order({ kind: 'forbidden', path: /libraryfiles/, count: Infinity });
		const { error } = await run(ofText(HELLO));
		expect(error?.message).toMatch(/needs Library\.Manage/);
		expect(starts()).toEqual([]);
	});

	it('may be tried again after a library that could not be reached', async () => {
		emulator.faults.order({ kind: 'serverError', path: /libraryfiles/, count: 4 });
		const { items, status } = await run(ofText(HELLO), {
			settings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 },
		});
		expect([status, items[0]?.json.output]).toEqual(['success', 'Hello from the workflow']);
	});

	it('of more than 20 MB is rejected before any call', async () => {
		const { error } = await run(ofText(`# ${'x'.repeat(20 * 1024 * 1024)}`));
		expect(error?.message).toBe("'Script Text' is larger than the 20 MB that the library takes");
		expect(emulator.requests.all).toEqual([]);
	});

	it('that is blank is rejected before any call', async () => {
		const { error } = await run(ofText(' \n'));
		expect(error?.message).toBe("'Script Text' is empty");
		expect(emulator.requests.all).toEqual([]);
	});

	it.each([
		['an item', '={{ $json.script }}'],
		['an item, without the equals sign', '{{ $json.script }}'],
		['an item, in several parts', '={{ $json.first }}\n{{ $json.second }}\n'],
		['a model', "={{ $fromAI('script') }}"],
	])('that %s would write is rejected before any call', async (_whose, text) => {
		const { error } = await run(ofText(text), { items: [{ json: { script: HELLO } }] });
		expect(error).toMatchObject({
			message: "'Script Text' is an expression, and only fixed text can run",
			description: expect.stringContaining("goes through 'Arguments'") as string,
		});
		expect(emulator.requests.all).toEqual([]);
	});

	it('with braces in it runs as it stands', async () => {
		const text = `${HELLO}# {{ $json.script }}`;
		const { items } = await run(ofText(text));
		expect(items[0].json).toMatchObject({ script_name: nameOf(text), exit_code: 0 });
	});
});

describe('PowerShell that is not signed', () => {
	beforeEach(() => emulator.configure({ scripts: { allowsUnsigned: false } }));

	it('does not run where the tenant does not allow it, and the item says what to do', async () => {
		const { items } = await run(ofText(HELLO));
		expect(items[0].json).toMatchObject({
			status: 'Failed',
			reason: expect.stringMatching(
				/not signed.*Sign the script, or turn on 'Live Response unsigned script execution'/,
			),
		});
	});

	it('runs when the text ends with a signature', async () => {
		const text = `${HELLO}# SIG # Begin signature block\n# MIIF\n# SIG # End signature block\n`;
		const { items } = await run(ofText(text));
		expect(items[0].json).toMatchObject({
			script_name: nameOf(text.replaceAll('\n', '\r\n')),
			output: 'Hello from the workflow',
		});
	});
});

describe('Script SHA-256', () => {
	const triage = (options: object) => run({ scriptName: byId('triage.ps1'), options });

	it('lets a library script run that has this hash, in any case of its digits', async () => {
		const { items } = await triage({ scriptSha256: sha256('# triage.ps1\n').toUpperCase() });
		expect(items[0].json).toMatchObject({ script_name: 'triage.ps1', exit_code: 0 });
		expect(lists()).toHaveLength(1);
	});

	it('stops one that has been changed, before it is started', async () => {
		emulator.tenant.library.add({ fileName: 'triage.ps1', content: 'changed' });
		const { error } = await triage({ scriptSha256: sha256('# triage.ps1\n') });
		expect(error?.message).toBe('The script in the library is not the expected one');
		expect(error?.context?.details).toMatchObject({ code: 'scriptChanged' });
		expect(starts()).toEqual([]);
	});

	it('stops one that is not there', async () => {
		emulator.tenant.library.delete('triage.ps1');
		const { error } = await triage({ scriptSha256: sha256('') });
		expect(error?.context?.details).toMatchObject({ code: 'scriptNotFound' });
		expect(starts()).toEqual([]);
	});

	it('is checked for each command of a session', async () => {
		const { error } = await run({
			operation: 'runCommands',
			commands: {
				command: [
					{ type: 'RunScript', scriptName: 'triage.ps1' },
					{ type: 'RunScript', scriptName: 'fails.ps1', scriptSha256: sha256('other') },
				],
			},
		});
		expect(error?.description).toContain("'fails.ps1'");
		expect(starts()).toEqual([]);
	});

	it('costs nothing where it is not given', async () => {
		await triage({});
		expect(lists()).toEqual([]);
	});
});

describe('Encode Arguments', () => {
	const argsSent = () => starts().flatMap(commandsOf);

	it('passes any text as one word of Base64', async () => {
		emulator.configure({ deviceLookup: { passingNotFound: 0 } });
		const args = 'bob -Force; rm -rf / & "äöü" $(x) \n zweite Zeile';
		await run(
			{
				scriptName: byId('triage.ps1'),
				args: '={{ $json.args }}',
				options: { encodeArguments: 'base64' },
			},
			{ items: [{ json: { args } }] },
		);
		expect(argsSent()).toEqual([
			{
				type: 'RunScript',
				params: [
					{ key: 'ScriptName', value: 'triage.ps1' },
					{ key: 'Args', value: Buffer.from(args).toString('base64') },
				],
			},
		]);
	});

	it('passes nothing as nothing, and counts for all commands of a session', async () => {
		emulator.configure({ deviceLookup: { passingNotFound: 0 } });
		await run({
			operation: 'runCommands',
			commands: {
				command: [
					{ type: 'RunScript', scriptName: 'triage.ps1', args: '' },
					{ type: 'RunScript', scriptName: 'triage.ps1', args: 'a b' },
				],
			},
			options: { encodeArguments: 'base64' },
		});
		expect(argsSent()).toMatchObject([
			{ params: [{ key: 'ScriptName' }] },
			{ params: [{ key: 'ScriptName' }, { key: 'Args', value: 'YSBi' }] },
		]);
	});
});

describe.each(['agent 2.2', 'agent 3'] as const)('a tool of %s', (kind) => {
	it('does not run a text', async () => {
		const { told } = await callTool({
			kind,
			parameters: {
				resource: 'liveResponse',
				operation: 'runScript',
				machineId: byId(devices.windows),
				options: {},
				...ofText(HELLO),
			},
			credential,
		});
		expect(told).toMatch(/'Script' is empty|runs only scripts from the library/);
		expect([uploads().length, starts().length]).toEqual([0, 0]);
	});
});
