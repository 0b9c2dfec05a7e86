/** Pictures of the documentation: a screenshot as Chromium writes it, in fewer bytes. */
import { crc32, deflateSync, inflateSync } from 'node:zlib';

import { withFewColours } from '../../../playground/pictures/fewColours.mts';

type Row = ReadonlyArray<readonly [number, number, number]>;

/** What each of PNG's five filters takes away from a byte: left, above, and the one between them. */
const FILTERS: ReadonlyArray<(left: number, above: number, corner: number) => number> = [
	() => 0,
	(left) => left,
	(_, above) => above,
	(left, above) => Math.floor((left + above) / 2),
	(left, above, corner) => {
		const guess = left + above - corner;
		return [left, above, corner].toSorted((a, b) => Math.abs(guess - a) - Math.abs(guess - b))[0];
	},
];

function chunk(type: string, data: Buffer): Buffer {
	const parts = Buffer.concat([Buffer.from(type), data]);
	const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
	length.writeUInt32BE(data.length);
	check.writeUInt32BE(crc32(parts));
	return Buffer.concat([length, parts, check]);
}

/** A screenshot in which the rows are written with one filter after the other. */
function screenshot(rows: readonly Row[], colourType = 2): Buffer {
	const bytes = rows.map((row) => row.flat());
	const filtered = bytes.map((row, y) => {
		const of = FILTERS[y % 5];
		const above = bytes[y - 1] ?? row.map(() => 0);
		return [
			y % 5,
			...row.map((byte, x) => byte - of(row[x - 3] ?? 0, above[x], above[x - 3] ?? 0)),
		];
	});
	const header = Buffer.alloc(13);
	header.writeUInt32BE(rows[0].length, 0);
	header.writeUInt32BE(rows.length, 4);
	header.set([8, colourType], 8);
	return Buffer.concat([
		Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
		chunk('IHDR', header),
		chunk('IDAT', deflateSync(Buffer.from(filtered.flat()))),
		chunk('IEND', Buffer.alloc(0)),
	]);
}

/** The pixels of a PNG with a palette. */
function rowsOf(file: Buffer): number[][][] {
	const chunks = new Map<string, Buffer>();
	for (let at = 8; at < file.length; at += 12 + file.readUInt32BE(at)) {
		const data = file.subarray(at + 8, at + 8 + file.readUInt32BE(at));
		expect(file.readUInt32BE(at + 8 + data.length)).toBe(
			crc32(file.subarray(at + 4, at + 8 + data.length)),
		);
		chunks.set(file.toString('latin1', at + 4, at + 8), data);
	}
	const [width, palette] = [chunks.get('IHDR')!.readUInt32BE(0), [...chunks.get('PLTE')!]];
	expect([...chunks.get('IHDR')!.subarray(8)]).toEqual([8, 3, 0, 0, 0]);
	const numbers = [...inflateSync(chunks.get('IDAT')!)];
	return Array.from({ length: numbers.length / (width + 1) }, (_, y) =>
		numbers
			.slice(y * (width + 1) + 1, (y + 1) * (width + 1))
			.map((number) => palette.slice(number * 3, number * 3 + 3)),
	);
}

const shade = (x: number, y: number) =>
	[(x * 37 + y) % 256, (y * 91) % 256, (x * y) % 256] as const;
const rowsWith = (width: number, height: number) =>
	Array.from({ length: height }, (_, y) => Array.from({ length: width }, (__, x) => shade(x, y)));

it('keeps a picture of 256 colours as it is, whichever way its rows were written', () => {
	const rows = rowsWith(16, 16);
	expect(rowsOf(withFewColours(screenshot(rows)))).toEqual(rows);
});

it('of more colours it keeps the common ones, and gives the others the nearest', () => {
	const white = [255, 255, 255] as const;
	const shades = Array.from({ length: 300 }, (_, x) => [x % 256, Math.floor(x / 2), 100] as const);
	const blank = shades.map(() => white);
	const [few, ...others] = rowsOf(withFewColours(screenshot([shades, blank, blank])));

	expect(others).toEqual([blank, blank]);
	const furthest = few.map((colour, x) =>
		Math.hypot(...colour.map((channel, at) => channel - shades[x][at])),
	);
	expect(Math.max(...furthest)).toBeLessThanOrEqual(3);
});

it('says so when it is given another kind of PNG', () => {
	expect(() => withFewColours(screenshot(rowsWith(3, 1), 6))).toThrow("Not a screenshot's PNG");
});
