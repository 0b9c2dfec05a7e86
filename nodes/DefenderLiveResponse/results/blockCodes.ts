/** The codes of a block of DEFLATE, and what their symbols stand for. */
import type { BitReader } from './bitReader';
import { HuffmanCode } from './huffmanCode';
import { NotUnpackedError } from './notUnpackedError';

export const END_OF_BLOCK = 256;

/** By the symbol, from 257 on: the shortest length, and how many bits behind it make it longer. */
export const LENGTHS = [
	3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
	163, 195, 227, 258,
];
export const LENGTH_BITS = [
	0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
];
/** By the symbol: the shortest distance, and how many bits behind it make it longer. */
export const DISTANCES = [
	1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049,
	3073, 4097, 6145, 8193, 12289, 16385, 24577,
];
export const DISTANCE_BITS = DISTANCES.map((_, symbol) => Math.max(0, (symbol >> 1) - 1));
/** In which the codes of the code lengths are written. */
const LENGTH_CODES_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

export interface BlockCodes {
	symbols: HuffmanCode;
	distances: HuffmanCode;
}

/** https://www.rfc-editor.org/rfc/rfc1951#section-3.2.6 */
export const FIXED: BlockCodes = {
	symbols: new HuffmanCode(
		Uint8Array.from({ length: 288 }, (_, symbol) =>
			symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8,
		),
	),
	distances: new HuffmanCode(new Uint8Array(32).fill(5)),
};

/** The codes that stand in front of a block: https://www.rfc-editor.org/rfc/rfc1951#section-3.2.7 */
export function readCodes(bits: BitReader): BlockCodes {
	const symbolCount = bits.take(5) + 257;
	const distanceCount = bits.take(5) + 1;
	const lengthCount = bits.take(4) + 4;
	if (symbolCount > 286 || distanceCount > DISTANCES.length) throw new NotUnpackedError();
	const ofLengths = new Uint8Array(19);
	for (const which of LENGTH_CODES_ORDER.slice(0, lengthCount)) ofLengths[which] = bits.take(3);
	const lengthCode = new HuffmanCode(ofLengths);
	const lengths = new Uint8Array(symbolCount + distanceCount);
	for (let at = 0; at < lengths.length;) {
		const symbol = bits.symbolOf(lengthCode);
		if (symbol < 16) {
			lengths[at++] = symbol;
			continue;
		}
		if (symbol === 16 && at === 0) throw new NotUnpackedError();
		const repeated = symbol === 16 ? lengths[at - 1] : 0;
		const times =
			symbol === 16 ? bits.take(2) + 3 : symbol === 17 ? bits.take(3) + 3 : bits.take(7) + 11;
		if (at + times > lengths.length) throw new NotUnpackedError();
		lengths.fill(repeated, at, at + times);
		at += times;
	}
	if (lengths[END_OF_BLOCK] === 0) throw new NotUnpackedError();
	return {
		symbols: new HuffmanCode(lengths.subarray(0, symbolCount)),
		distances: new HuffmanCode(lengths.subarray(symbolCount)),
	};
}
