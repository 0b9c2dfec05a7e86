import type { ByteInput } from './byteInput';
import type { HuffmanCode } from './huffmanCode';
import { NotUnpackedError } from './notUnpackedError';

/** Bits of an input, the lowest of each byte first. */
export class BitReader {
	/** The next bits, and how many of them there are. */
	held = 0;
	heldBits = 0;

	constructor(readonly input: ByteInput) {}

	/** The next symbol of a code with at most seven bits. */
	symbolOf(code: HuffmanCode): number {
		this.hold(7);
		const entry = code.table[this.held & 127] || code.longCode(this.held);
		if ((entry & 15) > this.heldBits) throw new NotUnpackedError();
		this.held >>>= entry & 15;
		this.heldBits -= entry & 15;
		return entry >>> 4;
	}

	/** The next `count` bits, 16 at most. */
	take(count: number): number {
		this.hold(count);
		if (this.heldBits < count) throw new NotUnpackedError();
		const value = this.held & ((1 << count) - 1);
		this.held >>>= count;
		this.heldBits -= count;
		return value;
	}

	private hold(count: number): void {
		const { input } = this;
		for (; this.heldBits < count && input.left > 0; this.heldBits += 8) {
			this.held |= input.bytes[input.at++] << this.heldBits;
		}
	}

	/** Waits until `count` bytes are there, or the last ones. */
	async fill(count: number): Promise<void> {
		this.giveBack();
		await this.input.fill(count);
	}

	/** Bytes that were looked at and not needed are to be read once more. */
	giveBack(): void {
		this.input.at -= this.heldBits >>> 3;
		this.heldBits &= 7;
		this.held &= (1 << this.heldBits) - 1;
	}

	/** Skips the rest of a byte that was begun. */
	toWholeByte(): void {
		this.giveBack();
		this.held = 0;
		this.heldBits = 0;
	}
}
