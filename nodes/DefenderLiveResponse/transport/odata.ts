/** A string literal of an OData filter; quotes are doubled. */
export function odataString(value: string): string {
	return `'${value.replace(/'/g, "''")}'`;
}

/** Conditions joined with `and`; undefined when there is none. */
export function odataAll(conditions: Array<string | null>): string | undefined {
	const given = conditions.filter((condition) => condition !== null && condition !== '');
	return given.length > 0 ? given.join(' and ') : undefined;
}
