/**
 * `npm run soak [-- --minutes 10] [--write]`: scheduled executions and a polling trigger while time runs
 * faster, and what n8n holds meanwhile; beside it another n8n with a schedule of its own nodes. Then n8n's
 * start with and without the package. `--write` keeps what was measured, and makes docs/soak.md from it.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import type { Emulator } from '../../emulator/emulator.mts';
import { workFolder } from '../../playground/folders.mts';
import { startN8n, type N8n } from '../../playground/n8n/n8n.mts';
import { endWith } from '../../playground/userFacingError.cjs';
import { startPlayground } from '../../playground/playground.mts';
import { isMet } from '../bench.mts';
import { observeCircumstances } from '../circumstances.mts';
import { fastTime } from '../fastTime.mts';
import { writeFormatted } from '../formatted.mts';
import { saveBearerCredential } from '../lab.mts';
import { processState, type Sample } from './samples.mts';
import { writeSoak } from './soakMeasurement.mts';
import { goalsOf, soakPage, type Soaked } from './soakPage.mts';
import { compareStarts } from './starts.mts';
import { peerWorkflow, scheduledWorkflow, triggeredWorkflow } from './workflows.mts';

const speed = 6;
/** In n8n's time. */
const scheduleSeconds = 12;
const sampleEverySeconds = 10;
const scriptName = 'soak.ps1';
const longestRunSeconds = 30;
const heapFolder = join(workFolder, 'soak-heap');

try {
	const { values } = parseArgs({
		options: { minutes: { type: 'string', default: '10' }, write: { type: 'boolean' } },
	});
	const circumstances = observeCircumstances();
	const soaked = await soak(Number(values.minutes));
	console.log('starting n8n with and without the package ...');
	const measured = { soaked, starts: await compareStarts(), circumstances: circumstances() };
	const page = soakPage(measured);
	console.log(page);
	if (values.write) {
		writeSoak(measured);
		writeFormatted('docs/soak.md', page);
	}
	process.exitCode = goalsOf(soaked).every(isMet) ? 0 : 1;
} catch (error) {
	endWith(error);
}

async function soak(minutes: number): Promise<Soaked> {
	const time = fastTime(speed);
	const probe = heapProbe();
	const playground = await startPlayground({
		userFolder: freshFolder('node'),
		preload: [time.preload, probe],
		emulator: {
			clock: time.now,
			tokenLifetimeSeconds: 24 * 3600,
			durations: { pickup: 2, finish: 2 },
			limits: { callsPerMinute: Infinity, callsPerHour: Infinity, runsPerMinute: Infinity },
		},
		onProgress: (doing) => console.log(`${doing} ...`),
	});
	try {
		const { emulator, n8n } = playground;
		const preload = [time.preload, probe];
		const peer = await startN8n({ userFolder: freshFolder('peer'), preload });
		try {
			console.log(`${minutes} minutes ...`);
			const trigger = await schedule(emulator, n8n);
			await schedulePeer(emulator, peer);
			const samples = { node: [] as Sample[], peer: [] as Sample[] };
			const since = Date.now();
			const passed = () => (Date.now() - since) / 60_000;
			for (; passed() < minutes; await sleep(sampleEverySeconds * 1000)) {
				if (![n8n, peer].every(({ pid }) => existsSync(heapFile(pid)))) continue;
				const staticData = await n8n.client.staticData(trigger);
				samples.node.push({
					...sampleOf(n8n, passed()),
					rememberedBytes: JSON.stringify(staticData).length,
				});
				samples.peer.push(sampleOf(peer, passed()));
			}
			return {
				minutes,
				speed,
				scheduleSeconds,
				node: { samples: samples.node, ...(await ended(n8n)) },
				peer: { samples: samples.peer, ...(await ended(peer)) },
			};
		} finally {
			await peer.stop();
		}
	} finally {
		await playground.stop();
	}
}

/** @returns the id of the workflow with the trigger */
async function schedule(emulator: Emulator, { client }: N8n): Promise<string> {
	emulator.tenant.library.add({ fileName: scriptName, behaviour: { output: 'x'.repeat(10_000) } });
	const machineId = emulator.tenant.machines.add();
	const trigger = await client.saveWorkflow(triggeredWorkflow());
	const scheduled = scheduledWorkflow(scheduleSeconds, machineId, scriptName);
	await client.activate(trigger);
	await client.activate(await client.saveWorkflow(scheduled));
	return trigger;
}

async function schedulePeer(emulator: Emulator, { client }: N8n): Promise<void> {
	await saveBearerCredential(emulator, { client });
	const workflow = peerWorkflow(scheduleSeconds, emulator.apiUrl);
	await client.activate(await client.saveWorkflow(workflow));
}

/** The executions, and how many of them did not succeed although they had time to. */
async function ended({ client }: N8n): Promise<{ executions: number; failed: number }> {
	const executions = await client.executions();
	const began = ({ startedAt }: { startedAt: string }) => Date.parse(startedAt);
	const newest = Math.max(...executions.map(began));
	const failed = executions.filter(
		(execution) =>
			execution.status !== 'success' &&
			(execution.status !== 'running' || began(execution) < newest - longestRunSeconds * 1000),
	);
	return { executions: executions.length, failed: failed.length };
}

function sampleOf({ pid }: N8n, minutes: number): Sample {
	const heapMb = Number(readFileSync(heapFile(pid), 'utf8')) / 2 ** 20;
	return { minutes, ...processState(pid), heapMb, rememberedBytes: 0 };
}

function freshFolder(name: string): string {
	const folder = join(workFolder, `soak-${name}`);
	rmSync(folder, { recursive: true, force: true });
	return folder;
}

function heapFile(pid: number): string {
	return join(heapFolder, `${pid}.heap`);
}

/** The module that writes these files, for n8n's `preload`. */
function heapProbe(): string {
	rmSync(heapFolder, { recursive: true, force: true });
	mkdirSync(heapFolder, { recursive: true });
	const module = new URL('heapProbe.mjs', import.meta.url);
	module.search = new URLSearchParams({ folder: heapFolder }).toString();
	return module.href;
}
