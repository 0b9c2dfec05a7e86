import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from '../playground/folders.mts';
import { asWritten, isMet, type Bench, type BenchResult } from './bench.mts';
import { machine } from './machine.mts';

export interface FinishedBench {
	readonly bench: Bench;
	readonly result: BenchResult;
}

const reportFile = join(root, 'docs/bench.md');
const pictureFolder = join(root, 'docs/images');

/** Writes `docs/bench.md` with everything that was measured, and its pictures. */
export function writeReport(finished: readonly FinishedBench[]): void {
	mkdirSync(pictureFolder, { recursive: true });
	for (const { fileName, svg } of finished.flatMap(({ result }) => result.pictures ?? [])) {
		writeFileSync(join(pictureFolder, fileName), svg);
	}
	writeFileSync(reportFile, report(finished));
}

function report(finished: readonly FinishedBench[]): string {
	return [
		'# Measurements\n',
		`Made by \`npm run bench -- --write\`, everything in one run on one machine, on n8n itself with the package as it is published, against the Defender emulator of this repository:\n`,
		`\`\`\`\n${machine()}\n\`\`\`\n`,
		'Times depend on the machine; ratios say more. A goal is met when the value is at most as large.\n',
		goalTable(finished),
		...finished.map(section),
	].join('\n');
}

function goalTable(finished: readonly FinishedBench[]): string {
	const rows = finished.flatMap(({ bench, result }) =>
		result.goals.map((goal) => {
			const [value, atMost] = [goal.value, goal.atMost].map((number) => asWritten(goal, number));
			return `| ${bench.name} | ${goal.what} | ${value} | ${atMost} | ${isMet(goal) ? 'yes' : '**no**'} |`;
		}),
	);
	return ['| bench | what | measured | goal | met |', '|---|---|--:|--:|---|', ...rows, ''].join(
		'\n',
	);
}

function section({ bench, result }: FinishedBench): string {
	const pictures = (result.pictures ?? []).map(
		({ alt, fileName }) => `\n![${alt}](images/${fileName})\n`,
	);
	return [
		`## ${bench.name}\n`,
		`${bench.title}\n`,
		`\`\`\`\n${result.lines.map((line) => line.replace(/^ {2}/, '')).join('\n')}\n\`\`\`\n`,
		...pictures,
	].join('\n');
}
