/** Inputs that once broke a property, kept so that they never do again. One JSON file each. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { fileNameProperties } from './fileNameProperties.mts';
import { modelProperties } from './modelProperties.mts';
import type { Property } from './property.mts';
import { redactionProperties } from './redactionProperties.mts';
import { transcriptProperties } from './transcriptProperties.mts';
import { wholeFileProperties } from './wholeFileProperties.mts';

export const properties: readonly Property[] = [
	...transcriptProperties,
	...fileNameProperties,
	...redactionProperties,
	...modelProperties,
	...wholeFileProperties,
];

export interface CorpusEntry {
	file: string;
	property: string;
	input: unknown;
}

export function readCorpus(folder: string): CorpusEntry[] {
	return readdirSync(folder)
		.filter((name) => name.endsWith('.json'))
		.sort()
		.map((file) => ({
			file,
			...(JSON.parse(readFileSync(join(folder, file), 'utf8')) as Omit<CorpusEntry, 'file'>),
		}));
}

/** @returns the path of the file */
export function addToCorpus(folder: string, property: Property, input: unknown): string {
	const content = `${JSON.stringify({ property: property.name, input }, null, '\t')}\n`;
	const hash = createHash('sha256').update(content).digest('hex').slice(0, 12);
	mkdirSync(folder, { recursive: true });
	const file = join(folder, `${hash}.json`);
	writeFileSync(file, content);
	return file;
}
