/** What the editor shows of an operation's items before the first run: a JSON schema, made of items. */

export interface Schema {
	type?: string | string[];
	properties?: Record<string, Schema>;
	items?: Schema;
}

/** The schema of all items together; a field of some of them counts as one of all. */
export function outputSchema(items: readonly object[]): Schema & { version: 1 } {
	return { ...schemaOf(items), version: 1 };
}

function schemaOf(values: readonly unknown[]): Schema {
	const types = [...new Set(values.map(typeOf))];
	// Of several types the editor shows the first. What is only ever null here is a text elsewhere.
	const named = types.filter((type) => type !== 'null').sort();
	const shown = named.length > 0 ? named : ['string'];
	const type = types.includes('null') ? [...shown, 'null'] : shown;
	const lists = values.filter((value) => Array.isArray(value)).flat();
	const objects = values.filter(isObject);
	return {
		type: type.length === 1 ? type[0] : type,
		...(lists.length > 0 ? { items: schemaOf(lists) } : {}),
		...(objects.length > 0 ? { properties: propertiesOf(objects) } : {}),
	};
}

function propertiesOf(objects: ReadonlyArray<Record<string, unknown>>): Record<string, Schema> {
	const names = [...new Set(objects.flatMap((object) => Object.keys(object)))];
	return Object.fromEntries(
		names.map((name) => [
			name,
			schemaOf(objects.filter((object) => name in object).map((object) => object[name])),
		]),
	);
}

const isObject = (value: unknown): value is Record<string, unknown> => typeOf(value) === 'object';

function typeOf(value: unknown): string {
	if (value === null || value === undefined) return 'null';
	if (Array.isArray(value)) return 'array';
	return Number.isInteger(value) ? 'integer' : typeof value;
}
