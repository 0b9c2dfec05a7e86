/**
 * Unpacks DEFLATE, https://www.rfc-editor.org/rfc/rfc1951.
 *
 * Not with DecompressionStream: it does not say where the data ends, and what it makes of bytes behind
 * them differs between versions of Node.js. `node:zlib` is closed to community nodes.
 */
import { BitReader } from './bitReader';
import {
	DISTANCE_BITS,
	DISTANCES,
	END_OF_BLOCK,
	FIXED,
	LENGTH_BITS,
	LENGTHS,
	readCodes,
	type BlockCodes,
} from './blockCodes';
import type { ByteInput } from './byteInput';
import { LOOKED_UP_BITS } from './huffmanCode';
import { NotUnpackedError } from './notUnpackedError';

const WINDOW = 32 * 1024;
const PIECE = 64 * 1024;
const LONGEST_MATCH = 258;
/** More than the codes in front of a block take. */
const MOST_HEADER_BYTES = 640;
/** More than one symbol with its distance takes. */
const MOST_SYMBOL_BYTES = 8;

/** One stream after the other may be unpacked with the same Inflater. */
export class Inflater {
	private readonly out = new Uint8Array(WINDOW + PIECE + LONGEST_MATCH);
	private outAt = 0;
	private givenUpTo = 0;
	private readonly bits: BitReader;

	constructor(private readonly input: ByteInput) {
		this.bits = new BitReader(input);
	}

	/** The unpacked bytes; afterwards the input stands right behind the stream. */
	async *unpack(): AsyncGenerator<Buffer> {
		this.outAt = 0;
		this.givenUpTo = 0;
		for (let isLast = false; !isLast;) {
			await this.bits.fill(MOST_HEADER_BYTES);
			isLast = this.bits.take(1) === 1;
			const kind = this.bits.take(2);
			if (kind === 0) yield* this.stored();
			else if (kind === 1) yield* this.coded(FIXED);
			else if (kind === 2) yield* this.coded(readCodes(this.bits));
			else throw new NotUnpackedError();
		}
		this.bits.toWholeByte();
		if (this.outAt > this.givenUpTo) yield this.piece();
	}

	private async *stored(): AsyncGenerator<Buffer> {
		this.bits.toWholeByte();
		await this.bits.fill(4);
		let left = this.bits.take(16);
		if ((this.bits.take(16) ^ left) !== 0xffff) throw new NotUnpackedError();
		while (left > 0) {
			await this.bits.fill(1);
			const { input } = this;
			const count = Math.min(left, input.left, this.out.length - this.outAt);
			if (input.left === 0) throw new NotUnpackedError();
			this.out.set(input.bytes.subarray(input.at, input.at + count), this.outAt);
			input.at += count;
			this.outAt += count;
			left -= count;
			if (this.outAt >= WINDOW + PIECE) yield this.piece();
		}
	}

	private async *coded(codes: BlockCodes): AsyncGenerator<Buffer> {
		for (;;) {
			await this.bits.fill(MOST_SYMBOL_BYTES);
			if (this.decode(codes)) return;
			if (this.outAt >= WINDOW + PIECE) yield this.piece();
		}
	}

	/** Decodes as far as input and room go; true at the end of the block. */
	private decode({ symbols, distances }: BlockCodes): boolean {
		const { input, out } = this;
		const { bytes } = input;
		const last = input.ended ? bytes.length + MOST_SYMBOL_BYTES : bytes.length - MOST_SYMBOL_BYTES;
		const mask = (1 << LOOKED_UP_BITS) - 1;
		let { at } = input;
		let { held, heldBits } = this.bits;
		let { outAt } = this;
		let atEnd = false;
		while (at <= last && outAt < WINDOW + PIECE) {
			for (; heldBits <= 24; heldBits += 8) held |= bytes[at++] << heldBits;
			let entry = symbols.table[held & mask] || symbols.longCode(held);
			held >>>= entry & 15;
			heldBits -= entry & 15;
			const symbol = entry >>> 4;
			if (symbol < END_OF_BLOCK) {
				out[outAt++] = symbol;
				continue;
			}
			if (symbol === END_OF_BLOCK) {
				atEnd = true;
				break;
			}
			const which = symbol - END_OF_BLOCK - 1;
			if (which >= LENGTHS.length) throw new NotUnpackedError();
			const length = LENGTHS[which] + (held & ((1 << LENGTH_BITS[which]) - 1));
			held >>>= LENGTH_BITS[which];
			heldBits -= LENGTH_BITS[which];

			for (; heldBits <= 24; heldBits += 8) held |= bytes[at++] << heldBits;
			entry = distances.table[held & mask] || distances.longCode(held);
			held >>>= entry & 15;
			heldBits -= entry & 15;
			const far = entry >>> 4;
			if (far >= DISTANCES.length) throw new NotUnpackedError();
			for (; heldBits <= 24; heldBits += 8) held |= bytes[at++] << heldBits;
			const distance = DISTANCES[far] + (held & ((1 << DISTANCE_BITS[far]) - 1));
			held >>>= DISTANCE_BITS[far];
			heldBits -= DISTANCE_BITS[far];
			if (distance > outAt) throw new NotUnpackedError();
			for (const end = outAt + length; outAt < end; outAt++) out[outAt] = out[outAt - distance];
		}
		input.at = at;
		this.bits.held = held;
		this.bits.heldBits = heldBits;
		this.outAt = outAt;
		this.bits.giveBack();
		if (input.at > bytes.length) throw new NotUnpackedError();
		return atEnd;
	}

	private piece(): Buffer {
		const piece = Buffer.from(this.out.subarray(this.givenUpTo, this.outAt));
		if (this.outAt > WINDOW) {
			this.out.copyWithin(0, this.outAt - WINDOW, this.outAt);
			this.outAt = WINDOW;
		}
		this.givenUpTo = this.outAt;
		return piece;
	}
}
