/** `npm run scale`: what the limits of the API make of big jobs, written to docs/scale.md. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { packPackage } from '../../playground/communityPackage.mts';
import { root } from '../../playground/folders.mts';
import { endWith } from '../../playground/userFacingError.cjs';
import { measuredPoints } from './measured.mts';
import { scalePage, type Tables } from './scalePage.mts';
import { documentedLimits, simulate, type Outcome, type Scenario } from './simulation.mts';

const latencyMs = 150;
const deviceSeconds = 60;
const limits = documentedLimits;

try {
	await packPackage(() => console.log('Building the package ...'));
	const page = scalePage(await tables());
	writeFileSync(join(root, 'docs/scale.md'), page);
	console.log(page);
} catch (error) {
	endWith(error);
}

async function tables(): Promise<Tables> {
	const results = (count: number, workers: number, apps: number): Scenario => ({
		job: { kind: 'results', count },
		...{ workers, apps, limits, latencyMs },
	});
	const runs = (
		devices: number,
		workers: number,
		apps: number,
		pollIntervalSeconds: number,
	): Scenario => ({
		job: { kind: 'runs', devices, deviceSeconds, pollIntervalSeconds },
		...{ workers, apps, limits, latencyMs },
	});
	return {
		checked: await outcomes(measuredPoints.map(({ scenario }) => scenario)),
		results: await outcomes([
			results(100, 1, 1),
			results(1000, 1, 1),
			results(1500, 1, 1),
			results(1500, 3, 1),
			results(1500, 8, 1),
			results(3000, 1, 1),
			results(3000, 3, 1),
			results(3000, 1, 2),
			results(10_000, 1, 1),
			results(10_000, 1, 2),
		]),
		runs: await outcomes([
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
		]),
	};
}

async function outcomes(
	scenarios: readonly Scenario[],
): Promise<Array<{ scenario: Scenario; outcome: Outcome }>> {
	const done = [];
	for (const scenario of scenarios) {
		done.push({ scenario, outcome: await simulate(scenario) });
	}
	return done;
}
