/** Bounds what an item holds, at every depth, by how long it is as JSON. */
import type { IDataObject } from 'n8n-workflow';

import { beginningOf } from '../domain/codeUnits';
import { isRecord } from '../domain/record';

/** Of one text: about 5,000 tokens, and more than a model should need of one script. */
export const MOST_CHARACTERS = 20_000;
/** A text of which less would be left goes as a whole. */
const LEAST_CHARACTERS = 100;
const LONGEST_NAME = 200;
const DEEPEST = 50;
const MOST_NAMED = 20;
/** Names that may stand in a note; others somebody else may have chosen. */
export const PLAIN_NAME = /^\w{1,40}$/;

/**
 * The item with at most `mostCharacters` of JSON, no text longer than `MOST_CHARACTERS`, and the names
 * of the fields that are not whole. A long `output_json` goes: what it holds is in `output`, and a
 * part of it would be another value.
 */
export function boundedFields(
	json: IDataObject,
	mostCharacters: number,
): { json: IDataObject; cut: string[] } {
	const budget = new Budget(mostCharacters);
	const cut: string[] = [];
	const kept: Array<[string, unknown]> = [];
	for (const name of Object.keys(json)) {
		budget.isWhole = true;
		const value = boundedMember(name, json[name], budget, 0);
		if (value !== undefined) kept.push([name, value]);
		if (budget.isWhole || !PLAIN_NAME.test(name)) continue;
		if (cut.length < MOST_NAMED) cut.push(name + extent(json[name], value));
	}
	return { json: Object.fromEntries(kept) as IDataObject, cut };
}

/** Characters of JSON that may still come. */
class Budget {
	/** Turns false when something is left out. */
	isWhole = true;

	constructor(public left: number) {}

	/** Undefined when there is no room for it. */
	take<Value>(characters: number, value: Value): Value | undefined {
		if (characters > this.left) return this.leaveOut();
		this.left -= characters;
		return value;
	}

	leaveOut(): undefined {
		this.isWhole = false;
	}
}

function boundedMember(name: string, value: unknown, budget: Budget, depth: number): unknown {
	if (name.length > LONGEST_NAME || !budget.take(jsonLength(name) + 4, true)) {
		return budget.leaveOut();
	}
	if (name !== 'output_json') return bounded(value, budget, depth);
	const own = new Budget(Math.min(MOST_CHARACTERS, budget.left));
	const room = own.left;
	const parsed = bounded(value, own, depth);
	if (own.isWhole) return budget.take(room - own.left, parsed);
	budget.isWhole = false;
	return null;
}

function bounded(value: unknown, budget: Budget, depth: number): unknown {
	if (typeof value === 'string') return boundedText(value, budget);
	if (Array.isArray(value)) {
		return depth === DEEPEST ? budget.leaveOut() : boundedList(value, budget, depth);
	}
	if (!isRecord(value)) return budget.take(String(value).length + 1, value);
	if (depth === DEEPEST || !budget.take(2, true)) return budget.leaveOut();
	const kept: Array<[string, unknown]> = [];
	for (const name of Object.keys(value)) {
		const member = boundedMember(name, value[name], budget, depth + 1);
		if (member !== undefined) kept.push([name, member]);
		if (budget.left < LEAST_CHARACTERS && !budget.isWhole) break;
	}
	return Object.fromEntries(kept);
}

/** The first entries: what stands behind one that has no room is left out. */
function boundedList(list: unknown[], budget: Budget, depth: number): unknown[] | undefined {
	if (!budget.take(2, true)) return undefined;
	const kept: unknown[] = [];
	for (const entry of list) {
		const member = budget.take(1, true) && bounded(entry, budget, depth + 1);
		if (member === undefined) break;
		kept.push(member);
	}
	return kept;
}

function boundedText(text: string, budget: Budget): string | undefined {
	const room = Math.min(MOST_CHARACTERS, budget.left - 3);
	let end = 0;
	for (let length = 0; end < text.length; end++) {
		length += lengthOfUnit(text, end);
		if (length > room) break;
	}
	if (end === text.length) return budget.take(jsonLength(text) + 1, text);
	budget.isWhole = false;
	if (room < LEAST_CHARACTERS) return undefined;
	const kept = beginningOf(text, end);
	return budget.take(jsonLength(kept) + 1, kept);
}

const jsonLength = (text: string) => JSON.stringify(text).length;

function lengthOfUnit(text: string, at: number): number {
	const unit = text.charCodeAt(at);
	if (unit === 0x22 || unit === 0x5c) return 2;
	if (unit >= 0x20) return unit >= 0xd800 && unit <= 0xdfff ? lengthOfHalf(text, at) : 1;
	return '\b\t\n\f\r'.includes(text[at]) ? 2 : 6;
}

/** Half of a character that stands alone is written as an escape. */
function lengthOfHalf(text: string, at: number): number {
	const isPair = (high: number) => (text.codePointAt(high) ?? 0) > 0xffff;
	return isPair(at) || (at > 0 && isPair(at - 1)) ? 1 : 6;
}

function extent(whole: unknown, kept: unknown): string {
	if (typeof whole === 'string') {
		return ` (${typeof kept === 'string' ? kept.length : 0} of ${whole.length} characters)`;
	}
	if (Array.isArray(whole)) {
		return ` (${Array.isArray(kept) ? kept.length : 0} of ${whole.length} entries)`;
	}
	return '';
}
