import type { Predicate } from './comparison.mts';
import { parseFilter } from './filter.mts';
import type { Lists } from '../openFacts.mts';
import { notAllowed, ODataError } from './odataError.mts';
import { parseQuery } from './queryString.mts';
import type { Schema } from './schema.mts';

type Entity = Readonly<Record<string, unknown>>;

export interface ListQuery {
	filter: Predicate | undefined;
	top: number | undefined;
	skip: number;
	compare: ((left: Entity, right: Entity) => number) | undefined;
	count: boolean;
	/** The link to the next page comes without the filter. */
	losesFilter: boolean;
	/** As sent, for the link to the next page. */
	options: ReadonlyMap<string, string>;
}

export interface Page {
	value: Entity[];
	/** All entries that match, when `$count=true`. */
	count: number | undefined;
	/** The query of the next page. */
	next: string | undefined;
}

const known = ['$filter', '$top', '$skip', '$orderby', '$count'];
const largestTop = 10_000;

/** Reads the query of a list; throws ODataError for options and values the API does not take. */
export function parseListQuery(query: string, schema: Schema, lists: Lists): ListQuery {
	const options = parseQuery(query);
	for (const name of options.keys()) {
		if (!known.includes(name)) {
			throw new ODataError(`The query option '${name}' is not supported.`);
		}
	}
	if (options.has('$orderby') && !lists.takesOrderBy) {
		throw notAllowed("Query option 'OrderBy' is not allowed.");
	}
	if (options.has('$count') && !lists.takesCount) {
		throw notAllowed("Query option 'Count' is not allowed.");
	}
	const filter = options.get('$filter');
	const orderBy = options.get('$orderby');
	const count = options.get('$count');
	if (count !== undefined && count !== 'true' && count !== 'false') {
		throw new ODataError(`Invalid value '${count}' for $count.`);
	}
	const top = wholeNumber(options, '$top');
	if (top !== undefined && top > largestTop) {
		throw new ODataError(`The limit of '${largestTop}' for Top query has been exceeded.`);
	}
	const skip = wholeNumber(options, '$skip') ?? 0;
	const unordered = lists.order === 'byId' ? parseOrder('id', schema) : undefined;
	return {
		filter: filter === undefined ? undefined : parseFilter(filter, schema, lists),
		top,
		skip,
		compare: orderBy === undefined ? unordered : parseOrder(orderBy, schema),
		count: count === 'true',
		losesFilter: lists.nextLinks === 'loseFilter' && skip > 0,
		options,
	};
}

/** The page of a list that a query asks for. */
export function pageOf(entities: Iterable<Entity>, query: ListQuery, pageSize: number): Page {
	const { filter, compare, top, skip, count } = query;
	let matching = [...entities];
	if (filter !== undefined) matching = matching.filter(filter);
	if (compare !== undefined) matching.sort(compare);
	const wanted = Math.min(top ?? Infinity, Math.max(0, matching.length - skip));
	const size = Math.min(wanted, pageSize);
	return {
		value: matching.slice(skip, skip + size),
		count: count ? matching.length : undefined,
		next:
			size < wanted
				? nextQuery(query, skip + size, top === undefined ? undefined : top - size)
				: undefined,
	};
}

function nextQuery(query: ListQuery, skip: number, top: number | undefined): string {
	const options = new Map(query.options);
	if (query.losesFilter) options.delete('$filter');
	options.set('$skip', String(skip));
	if (top !== undefined) options.set('$top', String(top));
	return [...options].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
}

function wholeNumber(options: ReadonlyMap<string, string>, name: string): number | undefined {
	const text = options.get(name);
	if (text === undefined) return undefined;
	if (!/^\d{1,9}$/.test(text)) {
		throw new ODataError(`Invalid value '${text}' for ${name} query option found.`);
	}
	return Number(text);
}

function parseOrder(orderBy: string, schema: Schema) {
	const keys = orderBy.split(',').map((part) => {
		const match = /^\s*(\w+)(?:\s+(asc|desc))?\s*$/.exec(part);
		const type = match !== null && Object.hasOwn(schema, match[1]) ? schema[match[1]] : undefined;
		if (match === null || type === undefined || type.kind === 'strings') {
			throw new ODataError(`Cannot order by '${part.trim()}'.`);
		}
		return { name: match[1], sign: match[2] === 'desc' ? -1 : 1 };
	});
	return (left: Entity, right: Entity): number => {
		for (const { name, sign } of keys) {
			const [a, b] = [left[name] ?? '', right[name] ?? ''] as [string, string];
			if (a !== b) return a < b ? -sign : sign;
		}
		return 0;
	};
}
