/**
 * Reads the JSON object that a device wrote, member by member: what JSON.parse would drop without a
 * word (a key twice, what stands behind the object) is seen, and values are counted before they are
 * parsed. Raw control characters inside texts are taken for escaped ones; nothing else is guessed at.
 *
 * A file is one long text and little else, so JSON.parse still does nearly all of the work.
 */
import { closingQuote, damagedString, nearClosingQuote, stringValue } from './jsonString';
import { MOST_TOKENS, nestedValue } from './jsonTokens';

export type MemberValue =
	| { kind: 'text'; text: string }
	/** Anything else, and how the device wrote it. */
	| { kind: 'other'; value: unknown; json: string };

export interface Member {
	key: string;
	value: MemberValue;
}

export type DeviceObject =
	| {
			kind: 'object';
			members: Member[];
			/** Whether control characters stood where JSON has none. */
			isRepaired: boolean;
			/** Where the text goes on behind the object. */
			end: number;
	  }
	/** More values than are parsed. */
	| { kind: 'tooMany' }
	/** No object, or none that is whole. */
	| { kind: 'none' };

/** The object that the text begins with. Time and memory are linear in the length. */
export function readDeviceObject(text: string): DeviceObject {
	const reader = new Reader(text);
	const members = reader.members();
	if (members === null) return { kind: reader.isTooMany ? 'tooMany' : 'none' };
	return { kind: 'object', members, isRepaired: reader.isRepaired, end: reader.at };
}

const WORD = /[-+.\w]+/y;

/** Its methods give null where the text is not what they read. */
class Reader {
	at = 0;
	isRepaired = false;
	private tokens = 0;
	private hasGuessed = false;

	constructor(private readonly text: string) {}

	get isTooMany(): boolean {
		return this.tokens > MOST_TOKENS;
	}

	members(): Member[] | null {
		const members: Member[] = [];
		if (!this.take('{')) return null;
		if (this.take('}')) return members;
		do {
			const key = this.next() === '"' ? this.string() : null;
			const value = key !== null && this.take(':') ? this.value() : null;
			if (key === null || value === null || !this.count(1)) return null;
			members.push({ key, value });
		} while (this.take(','));
		return this.take('}') ? members : null;
	}

	/** The next character that is not blank; empty at the end. */
	private next(): string {
		while (isBlank(this.text.charCodeAt(this.at))) this.at++;
		return this.text.charAt(this.at);
	}

	private take(character: string): boolean {
		const isThere = this.next() === character;
		if (isThere) this.at++;
		return isThere;
	}

	private value(): MemberValue | null {
		switch (this.next()) {
			case '"': {
				const text = this.string();
				return text === null ? null : { kind: 'text', text };
			}
			case '{':
			case '[': {
				const nested = nestedValue(this.text, this.at, MOST_TOKENS - this.tokens);
				return this.count(nested.tokens) && nested.end !== null ? this.other(nested.end) : null;
			}
			default:
				WORD.lastIndex = this.at;
				return WORD.test(this.text) ? this.other(WORD.lastIndex) : null;
		}
	}

	private other(end: number): MemberValue | null {
		const json = this.text.slice(this.at, end);
		this.at = end;
		try {
			return { kind: 'other', value: JSON.parse(json), json };
		} catch {
			return null;
		}
	}

	private string(): string | null {
		const start = this.at + 1;
		if (!this.count(1)) return null;
		const near = nearClosingQuote(this.text, start);
		if (near !== null) return near < 0 ? null : this.stringUpTo(start, near);
		// A guess is faster, but made once: a file could be all wrong guesses.
		const likely = this.hasGuessed ? -1 : likelyEnd(this.text);
		this.hasGuessed = true;
		const guessed = likely > start ? this.stringUpTo(start, likely) : null;
		if (guessed !== null) return guessed;
		const end = closingQuote(this.text, start);
		return end < 0 ? null : this.stringUpTo(start, end);
	}

	/** A string that ends with this quote, or earlier; null when there is none. */
	private stringUpTo(start: number, quote: number): string | null {
		const value = stringValue(this.text.slice(start - 1, quote + 1));
		if (value !== null) {
			this.at = quote + 1;
			return value;
		}
		const damaged = damagedString(this.text.slice(start, quote));
		if (damaged === null) return null;
		this.isRepaired ||= damaged.isDamaged;
		this.at = start + damaged.length + 1;
		return damaged.value;
	}

	/** False when that makes too many. */
	private count(tokens: number): boolean {
		this.tokens += tokens;
		return !this.isTooMany;
	}
}

const isBlank = (unit: number): boolean =>
	unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09;

const LONGEST_TAIL = 256;
/** A quote, short members behind it, and the end. */
const TAIL = /"\s*(?:,\s*"\w+"\s*:\s*(?:"(?:[^"\\]|\\.)*"|[-.\w]+)\s*)*\}[\s\0]*$/;

/** The quote that closes the last long string, if only short members stand behind it; else -1. */
function likelyEnd(text: string): number {
	const from = Math.max(0, text.length - LONGEST_TAIL);
	const at = text.slice(from).search(TAIL);
	return at < 0 ? -1 : from + at;
}
