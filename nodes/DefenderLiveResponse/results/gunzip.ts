/** Unpacks gzip, the same on every version of Node.js: https://www.rfc-editor.org/rfc/rfc1952 */
import { MEGABYTE } from '../domain/fileSize';
import { ByteInput } from './byteInput';
import { crc32 } from './crc32';
import { Inflater } from './inflater';
import { NotUnpackedError } from './notUnpackedError';

/**
 * Unpacked more than this many times over, a file is taken for a decompression bomb. Gzip reaches
 * 1,030 at most; what is read ahead makes a bomb look smaller than it is.
 */
const HIGHEST_RATIO = 200;
/** Small files compress absurdly well without being an attack. */
const RATIO_CHECKED_FROM = 64 * MEGABYTE;

/**
 * Unpacks a gzip stream: its members one behind the other, without zeros that pad it. Throws
 * NotUnpackedError, by then part of it may be there, or what the source of the bytes threw.
 */
export async function* gunzip(
	chunks: AsyncGenerator<Buffer>,
	maxBytes: number,
): AsyncGenerator<Buffer> {
	const input = new ByteInput(chunks);
	const inflater = new Inflater(input);
	let unpacked = 0;
	try {
		do {
			await skipHeader(input);
			let sum = 0;
			let length = 0;
			for await (const piece of inflater.unpack()) {
				sum = crc32(piece, sum);
				length += piece.length;
				unpacked += piece.length;
				const bomb = unpacked > RATIO_CHECKED_FROM && unpacked > input.arrived * HIGHEST_RATIO;
				if (unpacked > maxBytes || bomb) throw new NotUnpackedError();
				yield piece;
			}
			await input.fill(8);
			const [sumSent, lengthSent] = [takeUint32(input), takeUint32(input)];
			const isSound = sumSent === sum && lengthSent === length % 2 ** 32;
			if (!isSound) throw new NotUnpackedError();
			await input.fill(1);
		} while (input.bytes[input.at] === 0x1f);
		await skipPadding(input);
	} finally {
		await chunks.return(undefined);
	}
}

const HAS_CHECKSUM = 0x02;
const HAS_EXTRA = 0x04;
const HAS_NAME = 0x08;
const HAS_COMMENT = 0x10;
const RESERVED = 0xe0;

async function skipHeader(input: ByteInput): Promise<void> {
	await input.fill(10);
	const [first, second, method, flags] = input.bytes.subarray(input.at);
	if (first !== 0x1f || second !== 0x8b || method !== 8 || (flags & RESERVED) !== 0) {
		throw new NotUnpackedError();
	}
	await skip(input, 10);
	if (flags & HAS_EXTRA) {
		await input.fill(2);
		await skip(input, 2 + input.bytes[input.at] + 256 * input.bytes[input.at + 1]);
	}
	if (flags & HAS_NAME) await skipText(input);
	if (flags & HAS_COMMENT) await skipText(input);
	if (flags & HAS_CHECKSUM) await skip(input, 2);
}

async function skip(input: ByteInput, count: number): Promise<void> {
	await input.fill(count);
	if (!(input.left >= count)) throw new NotUnpackedError();
	input.at += count;
}

/** Text that ends in a zero. */
async function skipText(input: ByteInput): Promise<void> {
	for (;;) {
		await input.fill(1);
		if (input.left === 0) throw new NotUnpackedError();
		const end = input.bytes.indexOf(0, input.at);
		input.at = end < 0 ? input.bytes.length : end + 1;
		if (end >= 0) return;
	}
}

async function skipPadding(input: ByteInput): Promise<void> {
	while (input.left > 0) {
		if (input.bytes.subarray(input.at).some((byte) => byte !== 0)) throw new NotUnpackedError();
		input.at = input.bytes.length;
		await input.fill(1);
	}
}

/** NaN when fewer than four bytes are left. */
function takeUint32(input: ByteInput): number {
	const { bytes, at } = input;
	input.at += 4;
	return bytes[at] + bytes[at + 1] * 2 ** 8 + bytes[at + 2] * 2 ** 16 + bytes[at + 3] * 2 ** 24;
}
