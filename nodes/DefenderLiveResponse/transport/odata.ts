/**
 * So many comparisons fit into a filter. ASP.NET's OData refuses more than 100 nodes unless its
 * service sets another number, and Defender's is not known: a comparison has four, and each `and` or
 * `or` between two of them is one.
 */
export const MOST_COMPARISONS = 20;

/** A string literal of an OData filter; quotes are doubled. */
export function odataString(value: string): string {
	return `'${value.replace(/'/g, "''")}'`;
}

/** Conditions joined with `and`; undefined when there is none. */
export function odataAll(conditions: Array<string | null>): string | undefined {
	const given = conditions.filter((condition) => condition !== null && condition !== '');
	return given.length > 0 ? given.join(' and ') : undefined;
}

/** That a field has one of the values; null when there is none. */
export function odataOneOf(field: string, values: readonly string[]): string | null {
	return odataAny(values.map((value) => `${field} eq ${odataString(value)}`));
}

/** Conditions joined with `or`, fit to stand beside others; null when there is none. */
export function odataAny(conditions: readonly string[]): string | null {
	if (conditions.length === 0) return null;
	return conditions.length === 1 ? conditions[0] : `(${conditions.join(' or ')})`;
}

/** Parts of a list, each with so many of its entries at the most; one empty part of an empty list. */
export function inParts<T>(entries: readonly T[], most: number): T[][] {
	const count = Math.max(1, Math.ceil(entries.length / most));
	return Array.from({ length: count }, (_, at) => entries.slice(at * most, (at + 1) * most));
}
