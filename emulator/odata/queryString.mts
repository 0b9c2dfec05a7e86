import { ODataError } from './odataError.mts';

/** The options of a query string, decoded. An option given twice is an error. */
export function parseQuery(query: string): Map<string, string> {
	const options = new Map<string, string>();
	for (const part of query.split('&')) {
		if (part === '') continue;
		const mark = part.indexOf('=');
		const name = decode(mark < 0 ? part : part.slice(0, mark));
		if (options.has(name)) {
			throw new ODataError(`Query option '${name}' was specified more than once.`);
		}
		options.set(name, mark < 0 ? '' : decode(part.slice(mark + 1)));
	}
	return options;
}

function decode(text: string): string {
	try {
		return decodeURIComponent(text.replaceAll('+', ' '));
	} catch {
		throw new ODataError(`'${text}' is not encoded properly.`);
	}
}
