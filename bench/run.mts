/**
 * `npm run bench [-- name ...] [--write]`: each comparison in one run on this machine, with its
 * ratios. `--write` also makes `docs/bench.md` and its pictures from them.
 */
import { parseArgs } from 'node:util';

import { endWith, UserFacingError } from '../playground/userFacingError.cjs';
import { asWritten, isMet, type Bench } from './bench.mts';
import { fourProcesses } from './fourProcesses.mts';
import { largeFile } from './largeFile.mts';
import { machine } from './machine.mts';
import { manyDevices } from './manyDevices.mts';
import { manyResults } from './manyResults.mts';
import { oneResult } from './oneResult.mts';
import { packageSize } from './packageSize.mts';
import { rateLimit } from './rateLimit.mts';
import { transcripts } from './transcripts.mts';
import { waiting } from './waiting.mts';
import { writeReport, type FinishedBench } from './report.mts';

const benches: readonly Bench[] = [
	rateLimit,
	fourProcesses,
	manyDevices,
	waiting,
	largeFile,
	transcripts,
	oneResult,
	manyResults,
	packageSize,
];

try {
	const { values, positionals } = options();
	const finished = await runBenches(chosen(positionals));
	if (values.write) writeReport(finished);
	process.exitCode = finished.every(({ result }) => result.goals.every(isMet)) ? 0 : 1;
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

async function runBenches(list: readonly Bench[]): Promise<FinishedBench[]> {
	console.log(machine());
	const finished: FinishedBench[] = [];
	for (const bench of list) {
		const started = Date.now();
		console.log(`\n${bench.name}: ${bench.title}`);
		const result = await bench.run();
		for (const line of result.lines) console.log(line);
		for (const goal of result.goals) {
			const [value, atMost] = [goal.value, goal.atMost].map((number) => asWritten(goal, number));
			const met = isMet(goal) ? 'met' : 'MISSED';
			console.log(`  ${goal.what}: ${value}, goal at most ${atMost}: ${met}`);
		}
		console.log(`  (${Math.round((Date.now() - started) / 1000)} s)`);
		finished.push({ bench, result });
	}
	return finished;
}
