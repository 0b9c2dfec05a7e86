/** What the last soak measured, kept in a file: docs/soak.md is made from it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from '../../playground/folders.mts';
import type { Circumstances } from '../circumstances.mts';
import { writeFormatted } from '../formatted.mts';
import type { Soaked } from './soakPage.mts';
import type { Starts } from './starts.mts';

export interface SoakMeasurement {
	readonly circumstances: Circumstances;
	readonly soaked: Soaked;
	readonly starts: Starts;
}

/** Relative to the project. */
const file = 'bench/soak/measured.json';

export const readSoak = (): SoakMeasurement =>
	JSON.parse(readFileSync(join(root, file), 'utf8')) as SoakMeasurement;

export const writeSoak = (measured: SoakMeasurement): void =>
	writeFormatted(file, JSON.stringify(measured, null, '\t'));
