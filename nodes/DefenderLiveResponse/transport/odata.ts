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
