/** `npm run scale`: what the limits of the API make of big jobs, written to docs/scale.md. */
import { packPackage } from '../../playground/communityPackage.mts';
import { endWith } from '../../playground/userFacingError.cjs';
import { readMeasurements } from '../measurement.mts';
import { writePages } from '../pages.mts';
import { deviceJobs, harshJobs, resultJobs } from './jobs.mts';
import { writeSimulated, type Simulated } from './simulated.mts';
import { simulate } from './simulation.mts';

try {
	await packPackage(() => console.log('Building the package ...'));
	const measured = readMeasurements().flatMap(({ runs = [] }) => runs);
	const simulated: Simulated[] = [];
	for (const scenario of [
		...resultJobs,
		...deviceJobs,
		...harshJobs,
		...measured.map(({ scenario: ofRun }) => ofRun),
	]) {
		console.log(`Simulating ${JSON.stringify(scenario.job)} ...`);
		simulated.push({ scenario, outcome: await simulate(scenario) });
	}
	writeSimulated(simulated);
	writePages();
} catch (error) {
	endWith(error);
}
