/**
 * `npm run bench [-- name ...] [--write]`: comparisons on this machine, with their ratios. `--write`
 * keeps the figures in `bench/measurements` and makes the pages anew that show them.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { root } from '../playground/folders.mts';
import { endWith, UserFacingError } from '../playground/userFacingError.cjs';
import { asWritten, isMet, type Bench, type BenchResult } from './bench.mts';
import { campaign } from './campaign/campaign.mts';
import { campaignDatabase } from './campaign/campaignDatabase.mts';
import { campaignSettings } from './campaign/campaignSettings.mts';
import { machineAndSoftware, observeCircumstances } from './circumstances.mts';
import { firstHundred } from './firstHundred.mts';
import { fourProcesses } from './fourProcesses.mts';
import { largeFile } from './largeFile.mts';
import { manyDevices } from './manyDevices.mts';
import { manyResults } from './manyResults.mts';
import { writeMeasurement, type Measurement } from './measurement.mts';
import { oneResult } from './oneResult.mts';
import { packageSize } from './packageSize.mts';
import { writePages } from './pages.mts';
import { rateLimit } from './rateLimit.mts';
import { stopping } from './stopping.mts';
import { transcripts } from './transcripts.mts';
import { waiting } from './waiting.mts';

const benches: readonly Bench[] = [
	firstHundred,
	rateLimit,
	fourProcesses,
	manyDevices,
	campaign,
	campaignSettings,
	campaignDatabase,
	waiting,
	stopping,
	largeFile,
	transcripts,
	oneResult,
	manyResults,
	packageSize,
];

try {
	const { values, positionals } = options();
	console.log(machineAndSoftware());
	process.exitCode = 0;
	for (const bench of chosen(positionals)) {
		const observed = observeCircumstances();
		const result = await runBench(bench);
		if (!result.goals.every(isMet)) process.exitCode = 1;
		if (values.write !== true) continue;
		const { lines, goals, runs } = result;
		const { name, title } = bench;
		const command = `npm run bench -- ${name} --write`;
		const pictures = writePictures(result);
		writeMeasurement({
			name,
			title,
			command,
			circumstances: observed(),
			lines,
			goals,
			pictures,
			runs,
		});
	}
	if (values.write === true) writePages();
} catch (error) {
	endWith(error);
}

function options() {
	try {
		return parseArgs({ allowPositionals: true, options: { write: { type: 'boolean' } } });
	} catch (error) {
		const message = error instanceof Error ? error.message : String(error);
		throw new UserFacingError(`${message}. Usage: npm run bench -- [name ...] [--write]`);
	}
}

function chosen(names: string[]): readonly Bench[] {
	if (names.length === 0) return benches;
	const there = benches.map(({ name }) => name);
	const unknown = names.filter((name) => !there.includes(name));
	if (unknown.length === 0) return benches.filter(({ name }) => names.includes(name));
	throw new UserFacingError(`No such bench: ${unknown.join(', ')}. There are: ${there.join(', ')}`);
}

async function runBench(bench: Bench): Promise<BenchResult> {
	const started = Date.now();
	console.log(`\n${bench.name}: ${bench.title}`);
	const result = await bench.run();
	for (const line of result.lines) console.log(`  ${line}`);
	for (const goal of result.goals) {
		const [value, atMost] = [goal.value, goal.atMost].map((number) => asWritten(goal, number));
		const met = isMet(goal) ? 'met' : 'MISSED';
		console.log(`  ${goal.what}: ${value}, goal at most ${atMost}: ${met}`);
	}
	console.log(`  (${Math.round((Date.now() - started) / 1000)} s)`);
	return result;
}

/** @returns them without their drawing */
function writePictures({ pictures }: BenchResult): Measurement['pictures'] {
	mkdirSync(join(root, 'docs/images'), { recursive: true });
	return pictures?.map(({ fileName, alt, svg }) => {
		writeFileSync(join(root, 'docs/images', fileName), svg);
		return { fileName, alt };
	});
}
