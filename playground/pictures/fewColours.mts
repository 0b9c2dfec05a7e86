import { readPng, writeIndexedPng } from './png.mts';

/** How many colours a PNG can number. */
const MOST = 256;

/**
 * The picture with 256 colours at most, in less than half the bytes. What goes are shades of the edges of
 * letters: each becomes the nearest colour that stays.
 */
export function withFewColours(screenshot: Buffer): Buffer {
	const pixels = readPng(screenshot);
	const colours = new Uint32Array(pixels.rgb.length / 3);
	const counts = new Map<number, number>();
	const { rgb } = pixels;
	for (let at = 0, from = 0; at < colours.length; at += 1, from += 3) {
		const colour = (rgb[from] << 16) | (rgb[from + 1] << 8) | rgb[from + 2];
		colours[at] = colour;
		counts.set(colour, (counts.get(colour) ?? 0) + 1);
	}
	const commonestFirst = [...counts].sort(([, a], [, b]) => b - a).map(([colour]) => colour);
	const palette = paletteOf(commonestFirst);
	const numbers = new Map(commonestFirst.map((colour) => [colour, nearest(palette, colour)]));
	const indexes = Buffer.from(colours.map((colour) => numbers.get(colour)!));
	return writeIndexedPng(pixels, Buffer.from(palette.flatMap(channels)), indexes);
}

/** The commonest colours, none nearer to another than has to be. */
function paletteOf(commonestFirst: readonly number[]): number[] {
	for (let apart = 0; ; apart += 3) {
		const kept: number[] = [];
		for (const colour of commonestFirst) {
			if (kept.length > MOST) break;
			if (kept.every((other) => distance(other, colour) > apart ** 2)) kept.push(colour);
		}
		if (kept.length <= MOST) return kept;
	}
}

/** The number of the colour of the palette that differs least. */
function nearest(palette: readonly number[], colour: number): number {
	const distances = palette.map((candidate) => distance(candidate, colour));
	return distances.indexOf(Math.min(...distances));
}

const channels = (colour: number) => [colour >> 16, (colour >> 8) & 255, colour & 255];

/** The square of how far two colours are apart. */
function distance(one: number, other: number): number {
	const red = (one >> 16) - (other >> 16);
	const green = ((one >> 8) & 255) - ((other >> 8) & 255);
	const blue = (one & 255) - (other & 255);
	return red ** 2 + green ** 2 + blue ** 2;
}
