/** What the model made of each job, kept in a file: simulating all of them takes most of a minute. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import { root } from '../../playground/folders.mts';
import { writeFormatted } from '../formatted.mts';
import type { Outcome, Scenario } from './simulation.mts';

export interface Simulated {
	readonly scenario: Scenario;
	readonly outcome: Outcome;
}

/** Relative to the project. */
const file = 'bench/model/simulated.json';

export const readSimulated = (): Simulated[] =>
	JSON.parse(readFileSync(join(root, file), 'utf8')) as Simulated[];

export const writeSimulated = (simulated: readonly Simulated[]): void =>
	writeFormatted(file, JSON.stringify(simulated, null, '\t'));

/** @throws Error for a job that has not been simulated */
export function outcomeOf(simulated: readonly Simulated[], scenario: Scenario): Outcome {
	const found = simulated.find((one) => isDeepStrictEqual(one.scenario, scenario));
	if (found !== undefined) return found.outcome;
	throw new Error(`${file} does not have ${JSON.stringify(scenario)}: npm run scale`);
}
