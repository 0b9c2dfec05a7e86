import { asWritten, isMet, type Goal, type Spread } from '../bench.mts';
import { settled, slope, type Sample } from './samples.mts';
import type { SoakMeasurement } from './soakMeasurement.mts';

/** What one n8n held, and how its executions ended. */
export interface Soaking {
	readonly samples: readonly Sample[];
	readonly executions: number;
	readonly failed: number;
}

export interface Soaked {
	/** Real time. */
	readonly minutes: number;
	/** n8n's time to real time. */
	readonly speed: number;
	/** In n8n's time. */
	readonly scheduleSeconds: number;
	readonly node: Soaking;
	/** n8n's own nodes, on an n8n without this package's workflows. */
	readonly peer: Soaking;
}

interface Held {
	readonly what: string;
	readonly unit: string;
	value(sample: Sample): number;
}

const held = {
	heap: { what: 'heap after garbage collection', unit: 'MB', value: ({ heapMb }) => heapMb },
	memory: { what: 'physical memory', unit: 'MB', value: ({ memoryMb }) => memoryMb },
	handles: { what: 'open handles', unit: '', value: ({ handles }) => handles },
	remembered: {
		what: 'remembered by the trigger',
		unit: 'bytes',
		value: ({ rememberedBytes }) => rememberedBytes,
	},
} as const satisfies Record<string, Held>;

/** Flat: no more in an hour of n8n's time than a share of what it was. */
const mostGrowth = 0.1;

/** By which share of what it was a value grows in an hour of n8n's time, at the slope of the second half. */
function growthAnHour({ samples }: Soaking, speed: number, { value }: Held): number {
	const after = settled(samples);
	const mean = after.reduce((sum, sample) => sum + value(sample), 0) / after.length;
	return mean === 0 ? 0 : (slope(after, value) * (60 / speed)) / mean;
}

export const goalsOf = ({ node, speed }: Soaked): Goal[] => [
	...[held.heap, held.handles, held.remembered].map((what) => ({
		what: `${what.what}: growth in an hour`,
		value: growthAnHour(node, speed, what),
		atMost: mostGrowth,
		kind: 'share' as const,
	})),
	{ what: 'executions that failed', value: node.failed, atMost: 0, kind: 'count' },
];

/** docs/soak.md. */
export function soakPage({ circumstances, soaked, starts }: SoakMeasurement): string {
	const { date, machine, software } = circumstances;
	const { minutes, speed, scheduleSeconds, node, peer } = soaked;
	return `# Soak

Made by \`npm run soak -- --minutes ${minutes} --write\`: ${minutes * speed} minutes of n8n in ${minutes} (n8n's clock and timers and the
[emulator's](../emulator/README.md) run ${speed} times as fast). Every ${scheduleSeconds} seconds a workflow runs a script on a device, waits for
it, and parses an older transcript; the trigger looks every minute and starts another workflow with what has ended. Beside
it, on another n8n, two HTTP Request nodes fetch a result as often, for comparison.

\`\`\`
${machine}
${software}, ${date}
\`\`\`

## What n8n holds

From the first to the last sample of the second half, and the slope of the line through all ${settled(node.samples).length} of them for each hour of
n8n's time. The first half is n8n warming up.

${table([
	['', 'this node and trigger', 'an hour', "n8n's HTTP Request nodes", 'an hour'],
	...Object.values(held).map((what) => [
		what.what,
		...cells(node, speed, what),
		...(what === held.remembered ? ['', ''] : cells(peer, speed, what)),
	]),
	['executions', ...outcome(node), ...outcome(peer)],
])}

${table([
	['goal', 'measured', 'at most', 'met'],
	...goalsOf(soaked).map((goal) => [
		goal.what,
		asWritten(goal, goal.value),
		asWritten(goal, goal.atMost),
		isMet(goal) ? 'yes' : '**no**',
	]),
])}

## How long n8n takes to start

${table([
	['', 'median', 'least', 'most'],
	['without the package', ...seconds(starts.without)],
	['with the package', ...seconds(starts.with)],
])}

With it, n8n takes ${(starts.with.median / starts.without.median).toFixed(2)} times as long.
`;
}

function cells({ samples }: Soaking, speed: number, { unit, value }: Held): [string, string] {
	const after = settled(samples);
	const [first, last] = [after[0], after[after.length - 1]].map((sample) =>
		value(sample).toFixed(0),
	);
	const anHour = slope(after, value) * (60 / speed);
	const change = `${anHour < 0 ? '−' : '+'}${Math.abs(anHour).toFixed(1)}`;
	return [`${first} to ${last} ${unit}`.trim(), `${change} ${unit}`.trim()];
}

const outcome = ({ executions, failed }: Soaking): [string, string] => [
	`${executions}`,
	`${failed} failed`,
];

const seconds = ({ median, least, most }: Spread): string[] =>
	[median, least, most].map((ms) => `${(ms / 1000).toFixed(1)} s`);

function table([head, ...rows]: ReadonlyArray<readonly string[]>): string {
	const line = (cellsOf: readonly string[]) => `| ${cellsOf.join(' | ')} |`;
	return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
