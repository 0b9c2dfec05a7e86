import { createRequire } from 'node:module';
import { join } from 'node:path';

import type { parseTranscript } from '../nodes/DefenderLiveResponse/domain/transcript.ts';
import { installPackage, packageName, packPackage } from '../playground/communityPackage.mts';
import { spreadOf, table, type Bench, type BenchResult, type Goal } from './bench.mts';
import { freshUserFolder } from './lab.mts';
import { worstTranscripts } from './worstTranscripts.mts';

interface Parser {
	parseTranscript: typeof parseTranscript;
}

interface Kind {
	readonly parse: 'strict' | 'repaired';
	/** Of the device's file, from the JSON text that says the same. */
	readonly file: (json: string) => Buffer;
	readonly goal: number;
	/** The smallest transcript that the goal is for. */
	readonly from: number;
}

const kilobyte = 1024;
const sizes = [1, 16, 256, 4096, 65_536].map((kilobytes) => kilobytes * kilobyte);
/** So many bytes are read by each side in a round, so that short times are measured as well as long ones. */
const bytesPerRound = 4 * 2 ** 20;
const rounds = 15;
const roundsOfLargeFiles = 5;
/** JSON.parse takes two microseconds for the shortest transcript: what is added is told as time. */
const mostMicrosecondsMore = 2;

const kinds: readonly Kind[] = [
	{ parse: 'strict', file: (json) => Buffer.from(json), goal: 1.1, from: 16 * kilobyte },
	// The line breaks of the output, and the NULs at its end, stand in the file as they are.
	{
		parse: 'repaired',
		file: (json) => Buffer.from(json.replaceAll('\\n', '\n').replaceAll('\\u0000', '\0')),
		goal: 4,
		from: kilobyte,
	},
];

/** From the bytes of the file to the fields, beside decoding and JSON.parse on the same file made valid. */
export const transcripts: Bench = {
	name: 'transcripts',
	title: 'A transcript of 1 KB to 64 MB from bytes to fields: this package, and JSON.parse',
	run: async () => {
		const { parseTranscript } = await installedParser();
		const rows = kinds.flatMap((kind) =>
			sizes.map((size) => ({ kind, size, ...measure(parseTranscript, kind, size) })),
		);
		const sound = resultOf(rows);
		const worst = worstOf(parseTranscript);
		return {
			lines: [...sound.lines, '', ...worst.lines],
			goals: [...sound.goals, ...worst.goals],
		};
	},
};

/** The parser as it is published. */
async function installedParser(): Promise<Parser> {
	const userFolder = freshUserFolder('package');
	await installPackage(await packPackage(), userFolder);
	const load = createRequire(import.meta.url);
	const folder = join(userFolder, '.n8n/nodes/node_modules', packageName);
	return load(join(folder, 'dist/nodes/DefenderLiveResponse/domain/transcript.js')) as Parser;
}

interface Times {
	/** Microseconds for one transcript. */
	readonly own: number;
	readonly plain: number;
	/** The middle of the ratios round by round. */
	readonly ratio: number;
}

function measure(parse: Parser['parseTranscript'], kind: Kind, size: number): Times {
	const json = transcriptOf(size);
	const valid = Buffer.from(json);
	const file = kind.file(json);
	const repetitions = Math.max(1, Math.floor(bytesPerRound / size));
	const options = { rawOutput: false, parseOutputAsJson: false };
	const own = () => parse(file, options).fields.output?.length ?? 0;
	const plain = () =>
		(JSON.parse(valid.toString('utf8')) as { script_output: string }).script_output.length;

	const found = parse(file, options).fields;
	if (found.parse !== kind.parse) throw new Error(`Parsed as ${found.parse}, not ${kind.parse}`);
	const times = { own: [] as number[], plain: [] as number[], ratio: [] as number[] };
	const last = size > 2 ** 24 ? roundsOfLargeFiles : rounds;
	for (let round = -3; round < last; round += 1) {
		const ownFirst = round % 2 === 0;
		const first = timed(ownFirst ? own : plain, repetitions);
		const second = timed(ownFirst ? plain : own, repetitions);
		if (round < 0) continue; // The first rounds let the compiler see both.
		const [ofOwn, ofPlain] = ownFirst ? [first, second] : [second, first];
		times.own.push(ofOwn);
		times.plain.push(ofPlain);
		times.ratio.push(ofOwn / ofPlain);
	}
	return {
		own: spreadOf(times.own).median,
		plain: spreadOf(times.plain).median,
		ratio: spreadOf(times.ratio).median,
	};
}

const worstSize = 16 * 2 ** 20;
const worstGoal = 10;
const roundsOfWorstFiles = 11;
/** Let the compiler see both. */
const roundsToWarmUp = 2;

/** Made-up inputs of 16 MB, beside JSON.parse on a plain transcript of that size. */
function worstOf(parse: Parser['parseTranscript']): BenchResult {
	const plain = Buffer.from(transcriptOf(worstSize));
	const options = { rawOutput: false, parseOutputAsJson: true };
	const parsePlain = () => Object.keys(JSON.parse(plain.toString('utf8')) as object).length;
	const rows = worstTranscripts.map(({ what, file }) => {
		const bytes = file(worstSize);
		const parseWorst = () => Object.keys(parse(bytes, options).fields).length;
		// Side by side, since a machine is not as fast in every minute.
		const times = Array.from({ length: roundsOfWorstFiles }, () => {
			const [own, ofPlain] = [timed(parseWorst, 1), timed(parsePlain, 1)];
			return { own, ofPlain, ratio: own / ofPlain };
		}).slice(roundsToWarmUp);
		const median = (key: keyof (typeof times)[number]) =>
			spreadOf(times.map((time) => time[key])).median;
		return { what, own: median('own'), ofPlain: median('ofPlain'), ratio: median('ratio') };
	});
	return {
		lines: table([
			['made up, 16 MB', 'this package', 'JSON.parse of a plain one', 'ratio'],
			...rows.map(({ what, own, ofPlain, ratio }) => [
				what,
				`${(own / 1000).toFixed(0)} ms`,
				`${(ofPlain / 1000).toFixed(0)} ms`,
				ratio.toFixed(1),
			]),
		]),
		goals: [
			{
				what: 'made up, 16 MB: the worst ratio to JSON.parse of a plain one',
				value: Math.max(...rows.map(({ ratio }) => ratio)),
				atMost: worstGoal,
			},
		],
	};
}

/** Microseconds for one repetition. */
function timed(work: () => number, repetitions: number): number {
	const start = process.hrtime.bigint();
	let sum = 0;
	for (let count = 0; count < repetitions; count += 1) sum += work();
	const end = process.hrtime.bigint();
	if (sum === 0) throw new Error('Nothing was parsed');
	return Number(end - start) / 1000 / repetitions;
}

/** A transcript as Windows devices write it: lines of a process list, so many bytes in all. */
function transcriptOf(size: number): string {
	const path =
		'C:\\ProgramData\\Microsoft\\Windows Defender Advanced Threat Protection\\Temp\\PSScript_Transcript_{0FA1A2B3-0000-4000-8000-000000000000}.txt';
	const head = `Transcript started, output file is ${path}\n`;
	const json = (output: string) =>
		JSON.stringify({
			script_name: 'triage.ps1',
			exit_code: 0,
			script_output: output,
			script_errors: '',
		});
	const tail = '\0\0\0';
	const line = (index: number) =>
		`${String(index).padStart(6)}  svchost.exe   "C:\\Windows\\System32\\svchost.exe" -k netsvcs\n`;
	const room = size - json(head + tail).length;
	const lines = Array.from({ length: Math.floor(room / (json(line(0)).length - json('').length)) });
	const full = lines.map((_, index) => line(index)).join('');
	const rest = Math.max(0, size - json(head + full + tail).length);
	return json(head + full + 'x'.repeat(rest) + tail);
}

function resultOf(rows: ReadonlyArray<Times & { kind: Kind; size: number }>): BenchResult {
	const perKilobyte = ({ own, size }: { own: number; size: number }) => own / (size / kilobyte);
	return {
		lines: table([
			['', 'size', 'this package', 'JSON.parse', 'ratio', 'a KB'],
			...rows.map((row) => [
				row.kind.parse,
				`${row.size / kilobyte} KB`,
				`${row.own.toFixed(1)} µs`,
				`${row.plain.toFixed(1)} µs`,
				row.ratio.toFixed(2),
				`${perKilobyte(row).toFixed(2)} µs`,
			]),
		]),
		goals: kinds.flatMap((kind) => {
			const own = rows.filter((row) => row.kind === kind);
			const [least, most] = [own.at(-3), own.at(-1)];
			if (least === undefined || most === undefined) return [];
			return [
				{
					what: `${kind.parse}, from ${kind.from / kilobyte} KB: the worst ratio to JSON.parse`,
					value: Math.max(...own.filter(({ size }) => size >= kind.from).map(({ ratio }) => ratio)),
					atMost: kind.goal,
				},
				{
					what: `${kind.parse}: a KB of ${most.size / kilobyte} KB to a KB of ${least.size / kilobyte} KB`,
					value: perKilobyte(most) / perKilobyte(least),
					atMost: 2,
				},
				...shortest(own),
			];
		}),
	};
}

function shortest([row]: ReadonlyArray<Times & { kind: Kind; size: number }>): Goal[] {
	if (row.kind.from <= row.size) return [];
	return [
		{
			what: `${row.kind.parse}, ${row.size / kilobyte} KB: microseconds more than JSON.parse`,
			value: row.own - row.plain,
			atMost: mostMicrosecondsMore,
		},
	];
}
