/** The jobs that docs/scale.md tells the time of, under the documented limits. */
import { documentedLimits } from '../../test/support/playedLimits.mts';
import type { Scenario } from './simulation.mts';

const latencyMs = 150;
const deviceSeconds = 60;

const results = (count: number, workers: number, apps: number): Scenario => ({
	job: { kind: 'results', count },
	...{ workers, apps, limits: documentedLimits, latencyMs },
});

const runs = (
	devices: number,
	workers: number,
	apps: number,
	pollIntervalSeconds: number,
): Scenario => ({
	job: { kind: 'runs', devices, deviceSeconds, pollIntervalSeconds },
	...{ workers, apps, limits: documentedLimits, latencyMs },
});

export const resultJobs: readonly Scenario[] = [
	results(100, 1, 1),
	results(1000, 1, 1),
	results(1500, 1, 1),
	results(1500, 3, 1),
	results(1500, 8, 1),
	results(1500, 16, 1),
	results(3000, 1, 1),
	results(3000, 3, 1),
	results(3000, 1, 2),
	results(10_000, 1, 1),
	results(10_000, 1, 2),
];

/** Where windows begin anew for all, refused calls count as well, and words are all that a refusal says. */
export const harshJobs: readonly Scenario[] = [
	results(1000, 1, 1),
	results(1000, 4, 1),
	results(1500, 8, 1),
	runs(100, 1, 1, 10),
	runs(100, 3, 1, 10),
].map((scenario) => ({ ...scenario, counting: 'harsh' }));

export const deviceJobs: readonly Scenario[] = [
	runs(10, 1, 1, 10),
	runs(100, 1, 1, 10),
	runs(100, 3, 1, 10),
	runs(1000, 1, 1, 10),
	runs(1000, 1, 1, 60),
	runs(1000, 3, 1, 60),
	runs(1000, 1, 2, 60),
	runs(10_000, 1, 1, 10),
	runs(10_000, 1, 1, 60),
	runs(10_000, 3, 1, 60),
	runs(10_000, 1, 2, 60),
	runs(10_000, 1, 4, 60),
];
