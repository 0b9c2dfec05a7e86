/** A path below the API URL, built only by `apiPath`. */
export type ApiPath = string & { readonly apiPath: unique symbol };

/**
 * The one way in which a value gets into a URL path: percent-encoded as a single segment (or part
 * of one), so that no id can add a segment, a query or a host.
 */
export function apiPath(
	literals: TemplateStringsArray,
	...values: Array<string | number>
): ApiPath {
	const path = literals.reduce((built, literal, at) => {
		if (at === 0) return literal;
		const value = String(values[at - 1]);
		if (value === '' || /^\.+$/.test(value)) {
			throw new RangeError('A path segment may not be empty or consist of dots');
		}
		return built + encodeURIComponent(value) + literal;
	}, '');
	return path as ApiPath;
}
