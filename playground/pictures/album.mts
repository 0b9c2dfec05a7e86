import { globSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

import sharp from 'sharp';

import type { Locator, Page } from '../browser.mts';
import { UserFacingError } from '../userFacingError.cjs';
import { photographStyle } from './photographStyle.mts';

/** A part of the page in CSS pixels. */
export interface Frame {
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
}

/** The pictures that were promised: each has to be made, and nothing else. */
export class Album {
	readonly #folder: string;
	readonly #promised: readonly string[];
	readonly #missing: Set<string>;

	constructor(folder: string, promised: readonly string[]) {
		this.#folder = folder;
		this.#promised = promised;
		this.#missing = new Set(promised);
	}

	/** Takes the picture of that name, of a part of the page. */
	async take(name: string, page: Page, frame: Frame): Promise<void> {
		if (!this.#promised.includes(name)) throw new Error(`No picture "${name}" is promised`);
		const path = this.#fileOf(name);
		mkdirSync(dirname(path), { recursive: true });
		const look = { clip: frame, animations: 'disabled', style: photographStyle } as const;
		// A palette halves the bytes; what goes are shades of the edges of letters.
		await sharp(await page.screenshot(look))
			.png({ palette: true })
			.toFile(path);
		this.#missing.delete(name);
		console.log(`  ${name}`);
	}

	/**
	 * Removes pictures that nobody promises any more.
	 * @throws UserFacingError when one that was promised has not been made
	 */
	finish(): void {
		if (this.#missing.size > 0) {
			throw new UserFacingError(`These pictures were not made: ${[...this.#missing].join(', ')}`);
		}
		const made = new Set(this.#promised.map((name) => this.#fileOf(name)));
		for (const file of globSync('**/*.png', { cwd: this.#folder })) {
			const path = join(this.#folder, file);
			if (!made.has(path)) rmSync(path);
		}
	}

	#fileOf(name: string): string {
		return join(this.#folder, `${name}.png`);
	}
}

/** Where a part of the page is. */
export async function frameOf(part: Locator): Promise<Frame> {
	const box = await part.boundingBox();
	if (box === null) throw new Error(`Not on the screen: ${part}`);
	return box;
}

/** The frame from the top of the first to the lowest of these, as wide as the first. */
export async function frameDownTo(part: Locator, parts: Locator, room: number): Promise<Frame> {
	const { x, y, width } = await frameOf(part);
	const bottoms = await parts.evaluateAll((found) =>
		found.map((one) => one.getBoundingClientRect().bottom),
	);
	return { x, y, width, height: Math.max(...bottoms) + room - y };
}
