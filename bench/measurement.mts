/** What was measured, kept in files: the figures of the pages come from nowhere else. */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from '../playground/folders.mts';
import type { Goal, Picture } from './bench.mts';
import type { Circumstances } from './circumstances.mts';
import { writeFormatted } from './formatted.mts';
import type { Outcome, Scenario } from './model/simulation.mts';

export interface Measurement {
	readonly name: string;
	/** One line: what is compared with what. */
	readonly title: string;
	/** What writes this file. */
	readonly command: string;
	readonly circumstances: Circumstances;
	/** What was measured, ready to print. */
	readonly lines: readonly string[];
	readonly goals: readonly Goal[];
	/** The drawings are files of their own. */
	readonly pictures?: ReadonlyArray<Omit<Picture, 'svg'>>;
	/** What the scale model can be held against. */
	readonly runs?: readonly MeasuredRun[];
}

/** A run of the real thing that the scale model can simulate as well. */
export interface MeasuredRun {
	readonly what: string;
	readonly scenario: Scenario;
	readonly outcome: Pick<Outcome, 'seconds' | 'refused'>;
}

/** Relative to the project. */
const folder = 'bench/measurements';

/** By name. */
export const readMeasurements = (): Measurement[] =>
	readdirSync(join(root, folder))
		.sort()
		.map((file) => JSON.parse(readFileSync(join(root, folder, file), 'utf8')) as Measurement);

/** In the place of what was measured before under this name. */
export function writeMeasurement(measurement: Measurement): void {
	mkdirSync(join(root, folder), { recursive: true });
	writeFormatted(`${folder}/${measurement.name}.json`, JSON.stringify(measurement, null, '\t'));
}
