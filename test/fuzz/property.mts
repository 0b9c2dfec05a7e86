import { isDeepStrictEqual } from 'node:util';

import type { Arbitrary } from 'fast-check';

/** Something that must hold for every input a device could make up. */
export interface Property<Input = unknown> {
	/** Names the corpus files of this property. */
	readonly name: string;
	/** Inputs are plain JSON, so that one that breaks the property can be kept; bytes are Latin-1 text. */
	readonly inputs: Arbitrary<Input>;
	/** How many of a thousand cases of a long run this property gets. */
	readonly share: number;
	/** Throws when the property does not hold. Returns what became of the input, for the counts. */
	check(input: Input): string;
}

/** Forgets the type of the input, so that properties fit into one list. */
export const property = <Input,>(given: Property<Input>): Property => given as Property;

export const bytesOf = (latin1: string): Buffer => Buffer.from(latin1, 'latin1');

export function same(actual: unknown, expected: unknown, what: string): void {
	if (isDeepStrictEqual(actual, expected)) return;
	throw new Error(`${what}: ${shown(actual)} instead of ${shown(expected)}`);
}

export function holds(condition: boolean, what: string): void {
	if (!condition) throw new Error(what);
}

const shown = (value: unknown): string => (JSON.stringify(value) ?? String(value)).slice(0, 400);
