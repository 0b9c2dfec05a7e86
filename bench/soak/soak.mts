/**
 * `npm run soak [-- --minutes 10]`: scheduled executions and a polling trigger on one n8n, and what n8n
 * holds meanwhile; then n8n's start with and without the package.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { installPackage, packPackage } from '../../playground/communityPackage.mts';
import { workFolder } from '../../playground/folders.mts';
import { startN8n } from '../../playground/n8n/n8n.mts';
import { endWith } from '../../playground/obstacle.mts';
import { startPlayground, type Playground } from '../../playground/playground.mts';
import { machine } from '../machine.mts';
import { processState, slope, type Sample } from './samples.mts';
import { scheduledWorkflow, triggeredWorkflow } from './workflows.mts';

const sampleEverySeconds = 10;
const scriptName = 'soak.ps1';
const starts = 3;

try {
	const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } });
	console.log(machine());
	await soak(Number(values.minutes));
	await compareStarts();
} catch (error) {
	endWith(error);
}

async function soak(minutes: number): Promise<void> {
	const userFolder = join(workFolder, 'soak');
	rmSync(userFolder, { recursive: true, force: true });
	const playground = await startPlayground({
		userFolder,
		emulator: {
			timeScale: 20,
			limits: { callsPerMinute: Infinity, callsPerHour: Infinity, runsPerMinute: Infinity },
		},
		onProgress: (doing) => console.log(`${doing} ...`),
	});
	try {
		report(await samplesOf(playground, minutes));
		const executions = await playground.n8n.workbench.executions();
		const failed = executions.filter(({ status }) => status !== 'success' && status !== 'running');
		console.log(`${executions.length} executions, ${failed.length} of them failed`);
	} finally {
		await playground.stop();
	}
}

async function samplesOf({ emulator, n8n }: Playground, minutes: number): Promise<Sample[]> {
	const { workbench } = n8n;
	emulator.tenant.library.add({ fileName: scriptName, behaviour: { output: 'x'.repeat(10_000) } });
	const machineId = emulator.tenant.machines.add();
	const schedule = await workbench.saveWorkflow(scheduledWorkflow(machineId, scriptName));
	const trigger = await workbench.saveWorkflow(triggeredWorkflow());
	await workbench.activate(trigger);
	await workbench.activate(schedule);

	const samples: Sample[] = [];
	const started = Date.now();
	for (;;) {
		const passed = (Date.now() - started) / 60_000;
		if (passed > minutes) return samples;
		const staticData = await workbench.staticData(trigger);
		samples.push({
			minutes: passed,
			...processState(n8n.pid),
			rememberedBytes: JSON.stringify(staticData).length,
		});
		await sleep(sampleEverySeconds * 1000);
	}
}

/** The first half is n8n warming up: caches fill, code is compiled. */
function report(samples: readonly Sample[]): void {
	const settled = samples.slice(Math.floor(samples.length / 2));
	const line = (what: string, unit: string, value: (sample: Sample) => number) => {
		const [first, last] = [settled[0], settled[settled.length - 1]].map(value);
		const growth = slope(settled, value);
		console.log(
			`  ${what.padEnd(24)} ${first.toFixed(0)} to ${last.toFixed(0)} ${unit}, ${growth.toFixed(2)} ${unit} a minute`,
		);
	};
	console.log(`Second half, ${settled.length} samples:`);
	line('memory', 'MB', ({ memoryMb }) => memoryMb);
	line('handles', 'handles', ({ handles }) => handles);
	line('remembered by trigger', 'bytes', ({ rememberedBytes }) => rememberedBytes);
}

async function compareStarts(): Promise<void> {
	const tarball = await packPackage();
	const times = { with: [] as number[], without: [] as number[] };
	for (let round = 0; round < starts; round += 1) {
		for (const which of ['without', 'with'] as const) {
			const userFolder = join(workFolder, `soak-start-${which}`);
			if (round === 0) rmSync(userFolder, { recursive: true, force: true });
			if (which === 'with') await installPackage(tarball, userFolder);
			const started = Date.now();
			const n8n = await startN8n({ userFolder });
			times[which].push(Date.now() - started);
			await n8n.stop();
		}
	}
	// The first start makes the database.
	const seconds = (of: readonly number[]) =>
		of
			.slice(1)
			.map((ms) => `${(ms / 1000).toFixed(1)} s`)
			.join(', ');
	console.log(
		`n8n starts in ${seconds(times.without)}; with the package in ${seconds(times.with)}`,
	);
}
