/** What a PNG file is made of, as far as Chromium's screenshots go: eight bits a channel, no alpha, no interlacing. */
import { crc32, deflateSync, inflateSync } from 'node:zlib';

/** Pixels, row by row: three bytes each. */
export interface Pixels {
	readonly width: number;
	readonly height: number;
	readonly rgb: Buffer;
}

const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const truecolour = 2;
const indexed = 3;
/** Bytes of a pixel. */
const step = 3;

/** @throws Error when it is another kind of PNG */
export function readPng(file: Buffer): Pixels {
	const chunks = chunksOf(file);
	const header = chunks.find(({ type }) => type === 'IHDR')!.data;
	const [bits, colours, , , interlaced] = header.subarray(8);
	if (bits !== 8 || colours !== truecolour || interlaced !== 0) {
		throw new Error(`Not a screenshot's PNG: ${[bits, colours, interlaced].join(', ')}`);
	}
	const data = chunks.filter(({ type }) => type === 'IDAT').map((chunk) => chunk.data);
	const width = header.readUInt32BE(0);
	const height = header.readUInt32BE(4);
	return { width, height, rgb: unfiltered(inflateSync(Buffer.concat(data)), width * step, height) };
}

/** Writes a picture by the numbers of its colours. @param palette three bytes a colour, 256 at most */
export function writeIndexedPng(
	{ width, height }: Pick<Pixels, 'width' | 'height'>,
	palette: Buffer,
	indexes: Buffer,
): Buffer {
	const header = Buffer.alloc(13);
	header.writeUInt32BE(width, 0);
	header.writeUInt32BE(height, 4);
	header.set([8, indexed], 8);
	const rows = Buffer.alloc(height * (width + 1));
	for (let y = 0; y < height; y += 1) {
		indexes.copy(rows, y * (width + 1) + 1, y * width, (y + 1) * width);
	}
	return Buffer.concat([
		signature,
		chunk('IHDR', header),
		chunk('PLTE', palette),
		chunk('IDAT', deflateSync(rows, { level: 9 })),
		chunk('IEND', Buffer.alloc(0)),
	]);
}

function chunksOf(file: Buffer): Array<{ type: string; data: Buffer }> {
	const chunks = [];
	for (let at = signature.length; at < file.length;) {
		const end = at + 8 + file.readUInt32BE(at);
		const type = file.toString('latin1', at + 4, at + 8);
		chunks.push({ type, data: file.subarray(at + 8, end) });
		at = end + 4;
	}
	return chunks;
}

function chunk(type: string, data: Buffer): Buffer {
	const length = Buffer.alloc(4);
	length.writeUInt32BE(data.length);
	const content = Buffer.concat([Buffer.from(type, 'latin1'), data]);
	const check = Buffer.alloc(4);
	check.writeUInt32BE(crc32(content));
	return Buffer.concat([length, content, check]);
}

/** Each row begins with the number of the filter that it was written with. */
function unfiltered(filtered: Buffer, rowBytes: number, height: number): Buffer {
	const bytes = Buffer.alloc(rowBytes * height);
	for (let y = 0; y < height; y += 1) {
		const filter = filtered[y * (rowBytes + 1)];
		for (let x = 0; x < rowBytes; x += 1) {
			const at = y * rowBytes + x;
			const left = x < step ? 0 : bytes[at - step];
			const above = y === 0 ? 0 : bytes[at - rowBytes];
			const corner = x < step || y === 0 ? 0 : bytes[at - rowBytes - step];
			bytes[at] = filtered[at + y + 1] + predicted(filter, left, above, corner);
		}
	}
	return bytes;
}

function predicted(filter: number, left: number, above: number, corner: number): number {
	switch (filter) {
		case 0:
			return 0;
		case 1:
			return left;
		case 2:
			return above;
		case 3:
			return (left + above) >> 1;
		case 4:
			return paeth(left, above, corner);
		default:
			throw new Error(`No filter of PNG: ${filter}`);
	}
}

/** The one of the three that is nearest to what they foretell together. */
function paeth(left: number, above: number, corner: number): number {
	const guess = left + above - corner;
	const toLeft = Math.abs(guess - left);
	const toAbove = Math.abs(guess - above);
	const toCorner = Math.abs(guess - corner);
	if (toLeft <= toAbove && toLeft <= toCorner) return left;
	return toAbove <= toCorner ? above : corner;
}
