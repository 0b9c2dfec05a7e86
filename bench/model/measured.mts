import { documentedLimits, type Job, type Outcome, type Scenario } from './simulation.mts';

/** A run of the real thing, to hold the model against. */
export interface MeasuredPoint {
	readonly what: string;
	/** What ran it. */
	readonly command: string;
	readonly scenario: Scenario;
	readonly outcome: Pick<Outcome, 'seconds' | 'refused'>;
}

/** Answers of the emulator as n8n sees them; its time runs five times as fast in the comparisons. */
const answerMs = { comparison: 100, queueMode: 30 };

/** Under the documented limits, with one app registration. */
const comparison = (job: Job, workers: number): Scenario => ({
	job,
	workers,
	apps: 1,
	limits: documentedLimits,
	latencyMs: answerMs.comparison,
});

export const measuredPoints: readonly MeasuredPoint[] = [
	{
		what: '1,000 results in one n8n',
		command: 'npm run bench rate-limit',
		scenario: comparison({ kind: 'results', count: 1000 }, 1),
		outcome: { seconds: 555, refused: 0 },
	},
	{
		what: '1,000 results in four n8n that share an app registration',
		command: 'npm run bench four-processes',
		scenario: comparison({ kind: 'results', count: 1000 }, 4),
		outcome: { seconds: 616, refused: 35 },
	},
	{
		what: 'A script on 60 devices, from one n8n',
		command: 'npm run bench many-devices',
		scenario: comparison(
			{ kind: 'runs', devices: 60, deviceSeconds: 21, pollIntervalSeconds: 10 },
			1,
		),
		outcome: { seconds: 332, refused: 0 },
	},
	{
		what: '1,500 results on three workers in queue mode, limits ten times as high',
		command: 'npm test -- queue load',
		scenario: {
			job: { kind: 'results', count: 1500 },
			workers: 3,
			apps: 1,
			limits: { callsPerMinute: 1000, callsPerHour: 15_000, runsPerMinute: 10 },
			latencyMs: answerMs.queueMode,
		},
		outcome: { seconds: 67, refused: 63 },
	},
];
