import { createHash, randomBytes } from 'node:crypto';

/** Makes the ids of the tenant: random, or the same ones on every start when given a seed. */
export class Identifiers {
	private readonly seed: string | undefined;
	private count = 0;

	constructor(seed?: string) {
		this.seed = seed;
	}

	guid(): string {
		const hex = this.hex(32);
		const variant = '89ab'[Number.parseInt(hex[16], 16) % 4];
		return [
			hex.slice(0, 8),
			hex.slice(8, 12),
			`4${hex.slice(13, 16)}`,
			`${variant}${hex.slice(17, 20)}`,
			hex.slice(20),
		].join('-');
	}

	/** Lower-case hexadecimal digits, at most 64. */
	hex(length: number): string {
		const bytes =
			this.seed === undefined
				? randomBytes(32)
				: createHash('sha256').update(`${this.seed}:${this.count++}`).digest();
		return bytes.toString('hex').slice(0, length);
	}
}
