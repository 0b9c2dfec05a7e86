/**
 * The examples of a campaign, as a user imports them, on an n8n that is killed on the way: a sweep to
 * its table, and its results as they come. n8n's time and Defender's run faster.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { fastTime } from '../../bench/fastTime.mts';
import { toApiTime } from '../../emulator/clock.mts';
import { startEmulator, type Emulator } from '../../emulator/emulator.mts';
import { installPackage, packPackage } from '../../playground/communityPackage.mts';
import { exampleWith, withLibraryScript } from '../../playground/examples.mts';
import { startFakeServices, type FakeServices } from '../../playground/fakeServices.mts';
import { workFolder } from '../../playground/folders.mts';
import { FinishedExecution } from '../../playground/n8n/execution.mts';
import { startN8n, type N8n } from '../../playground/n8n/n8n.mts';
import { credentialName, credentialType } from '../../playground/packageNodes.mts';
import { until } from '../support/until.mts';

const minutes = 60_000;
const hours = 60 * minutes;
const speed = 20;
const userFolder = join(workFolder, 'e2e-campaign');
const scriptName = 'sweep.ps1';
const tag = 'Sweep';
const campaignKey = 'find-evil-dll-2026-01';

const devices = 300;
/** Away since they have reported: started on, and given up or taken up when they are back. */
const justLeft = 5;
/** Have not reported for days. */
const longAway = 95;
const nameOf = (at: number) => `pc-${String(at).padStart(3, '0')}.contoso.example`;
const names = Array.from({ length: devices }, (_, at) => nameOf(at));
const away = names.slice(0, justLeft + longAway);
const answerOf = (name: string): string => {
	if (name === nameOf(3)) return 'ABCD';
	return Number(name.slice(3, 6)) % 60 === 7 ? 'EF01' : 'not there';
};

const time = fastTime(speed);
let emulator: Emulator;
let services: FakeServices;
let n8n: N8n;
let ids: string[];

beforeAll(async () => {
	services = await startFakeServices();
	emulator = await startEmulator({
		...{ profile: 'harsh', tenant: 'empty', clock: time.now, tokenLifetimeSeconds: 24 * 3600 },
		lag: { action: 60, list: 60, link: 4 },
		// A start that is refused first counts twice, and all of them would take twice as long.
		deviceLookup: { passingNotFound: 0 },
	});
	const { library, machines } = emulator.tenant;
	library.add({
		fileName: scriptName,
		behaviour: ({ device }) => ({ output: answerOf(device.machine.computerDnsName ?? '') }),
	});
	ids = names.map((computerDnsName, at) =>
		machines.add({
			...{ computerDnsName, machineTags: [tag], online: at >= away.length },
			lastSeen: reportedAgo(at >= justLeft && at < away.length ? 72 * hours : at * minutes),
		}),
	);
	rmSync(userFolder, { recursive: true, force: true });
	await installPackage(await packPackage(), userFolder);
	n8n = await startN8n({ userFolder, preload: [time.preload] });
	await n8n.client.saveCredential(credentialType, credentialName, { ...emulator.credential });
}, 3 * minutes);

afterAll(async () => {
	await n8n?.stop();
	await services?.stop();
	await emulator?.stop();
});

const reportedAgo = (ms: number) => toApiTime(time.now() - ms);
const runs = () => ids.map((id) => emulator.tenant.machines.runsOf(id, scriptName));
const answered = () => runs().filter((count) => count > 0).length;

/** Device and answer of each ticket that is about one of them, in order. */
const ticketsOf = (wanted: readonly string[]): string[] =>
	(services.tickets() as Array<{ device: string; output: string }>)
		.filter(({ device }) => wanted.includes(device))
		.map(({ device, output }) => `${device} ${output}`)
		.sort();

/** They are switched on, and report. */
function comeBack(from: number, to: number): void {
	const { machines } = emulator.tenant;
	for (const id of ids.slice(from, to)) {
		machines.change(id, { online: true });
		machines.get(id)!.machine.lastSeen = reportedAgo(0);
	}
}

async function publish(name: string, settings: Parameters<typeof exampleWith>[1]): Promise<string> {
	const example = withLibraryScript(exampleWith(name, settings), scriptName);
	for (const { name: node, parameters } of example.nodes) {
		if (node === 'Advance') parameters.options = { maxUnfinished: 50 };
	}
	const id = await n8n.client.saveWorkflow(example);
	await n8n.client.activate(id);
	return id;
}

async function untilAnswered(count: number): Promise<void> {
	await until(
		() => answered() >= count,
		() => `${count} devices to have run the script: ${answered()} have`,
		200,
	);
}

it(
	'a sweep of 300 devices, a third of them away at first, asks each once although n8n is killed twice, and its table is right to the row',
	async () => {
		const sweep = await publish('campaign-sweep', {
			...{ campaignKey, tag, chatUrl: services.chatUrl },
			startsAt: new Date(time.now()).toISOString(),
		});
		for (const count of [40, 110]) {
			await untilAnswered(count);
			await n8n.kill();
			await n8n.start();
		}
		// What n8n is killed at is not done again: a workflow that its trigger had started, say.
		await publish('campaign-results', { ticketUrl: services.ticketUrl });
		comeBack(justLeft, away.length);
		await untilAnswered(devices - 50);
		expect(services.messages()).toEqual([]);
		comeBack(0, justLeft);
		await until(() => services.messages().length > 0, 'the message at the end', 200);
		await until(
			() => ticketsOf(away).length >= away.length,
			() => `tickets of those that came back: ${ticketsOf(away).length}`,
			60,
		);
		await n8n.client.deactivate(sweep);

		expect(runs()).toEqual(ids.map(() => 1));
		expect(services.messages()).toEqual([
			{
				text: `Sweep ${campaignKey}: 300 of 300 devices answered\n1 x ABCD\n5 x EF01\n294 x not there`,
			},
		]);
		expect(await lastTable(sweep)).toEqual(
			['ABCD', 'EF01', 'not there'].map((answer) => ({
				answer,
				devices: names.filter((name) => answerOf(name) === answer),
			})),
		);
		expect(ticketsOf(away)).toEqual(away.map((name) => `${name} ${answerOf(name)}`));
		expect(ticketsOf(names)).toHaveLength(new Set(ticketsOf(names)).size);
	},
	9 * minutes,
);

/** The rows of the file, each with its devices in order. */
async function lastTable(workflowId: string) {
	const executions = (await n8n.client.executions(workflowId)).map(
		(stored) => new FinishedExecution(stored),
	);
	const tables = executions.flatMap((execution) => execution.items('Table'));
	expect(tables).toHaveLength(1);
	const csv = (await n8n.client.binary(tables[0].binary!.data.id!)).toString('utf8');
	const [head, ...rows] = csv
		.replace(/^\uFEFF/, '')
		.trim()
		.split('\n');
	expect(head).toBe('count_device,concatenated_device,answer');
	return rows.map((row) => {
		const [count, list, answer] = row.split(',');
		const named = list.split('; ').sort();
		expect(named).toHaveLength(Number(count));
		return { answer, devices: named };
	});
}
