import { NotUnpackedError } from './notUnpackedError';

/** Codes up to this length are looked up; longer ones are rare, and read bit by bit. */
export const LOOKED_UP_BITS = 10;
const LOOKED_UP = 1 << LOOKED_UP_BITS;
const LONGEST_CODE = 15;

/**
 * A code of DEFLATE, made of the length of each symbol's code.
 *
 * https://www.rfc-editor.org/rfc/rfc1951#section-3.2.2
 */
export class HuffmanCode {
	/** By the next bits: the symbol times 16, plus the bits its code has; 0 where the code is longer. */
	readonly table = new Uint16Array(LOOKED_UP);
	/** How many codes there are of each length. */
	private readonly counts = new Uint16Array(LONGEST_CODE + 1);
	/** In the order of their codes. */
	private readonly symbols: Uint16Array;

	/** Throws for lengths that no code can have. */
	constructor(lengths: Uint8Array) {
		for (const length of lengths) this.counts[length]++;
		const unused = this.counts[0];
		this.counts[0] = 0;
		this.checkCounts(lengths.length - unused);
		this.symbols = new Uint16Array(lengths.length - unused);
		const firsts = new Uint16Array(LONGEST_CODE + 2);
		const places = new Uint16Array(LONGEST_CODE + 2);
		for (let length = 1; length <= LONGEST_CODE; length++) {
			firsts[length + 1] = (firsts[length] + this.counts[length]) << 1;
			places[length + 1] = places[length] + this.counts[length];
		}
		for (let symbol = 0; symbol < lengths.length; symbol++) {
			const length = lengths[symbol];
			if (length === 0) continue;
			this.symbols[places[length]++] = symbol;
			const code = firsts[length]++;
			if (length > LOOKED_UP_BITS) continue;
			const entry = (symbol << 4) | length;
			for (let at = reversed(code, length); at < LOOKED_UP; at += 1 << length) {
				this.table[at] = entry;
			}
		}
	}

	/** As an entry of `table`, for a code that is not in it. Throws when `bits` begin with no code. */
	longCode(bits: number): number {
		let code = 0;
		let first = 0;
		let index = 0;
		for (let length = 1; length <= LONGEST_CODE; length++) {
			code |= bits & 1;
			bits >>>= 1;
			const count = this.counts[length];
			if (code < first + count) return (this.symbols[index + code - first] << 4) | length;
			index += count;
			first = (first + count) << 1;
			code <<= 1;
		}
		throw new NotUnpackedError();
	}

	/** Every sequence of bits begins with one code, except that one symbol may stand alone. */
	private checkCounts(used: number): void {
		let free = 1;
		for (let length = 1; length <= LONGEST_CODE; length++) {
			free = free * 2 - this.counts[length];
			if (free < 0) throw new NotUnpackedError();
		}
		const standsAlone = used === 0 || (used === 1 && this.counts[1] === 1);
		if (free > 0 && !standsAlone) throw new NotUnpackedError();
	}
}

function reversed(code: number, length: number): number {
	let result = 0;
	for (let bit = 0; bit < length; bit++) result |= ((code >>> bit) & 1) << (length - 1 - bit);
	return result;
}
