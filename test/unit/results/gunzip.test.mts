import { randomBytes } from 'node:crypto';
import { constants, deflateRawSync, gunzipSync, gzipSync, inflateRawSync } from 'node:zlib';

import fc from 'fast-check';

import { gunzip } from '../../../nodes/DefenderLiveResponse/results/gunzip';
import { NotUnpackedError } from '../../../nodes/DefenderLiveResponse/results/notUnpackedError';
import { fixedSeed } from '../../support/fixedSeed.mts';

const MEGABYTE = 1024 * 1024;

/** The bytes in chunks, and how many of them were asked for. */
class Source {
	given = 0;
	ended = false;

	constructor(
		private readonly bytes: Buffer,
		private readonly chunk = 64 * 1024,
	) {}

	async *chunks(): AsyncGenerator<Buffer> {
		try {
			for (let at = 0; at < this.bytes.length; at += this.chunk) {
				this.given = Math.min(this.bytes.length, at + this.chunk);
				yield this.bytes.subarray(at, at + this.chunk);
			}
		} finally {
			this.ended = true;
		}
	}
}

async function unpack(source: Source, maxBytes = 1024 * MEGABYTE) {
	const chunks: Buffer[] = [];
	let bytes = 0;
	let refused = false;
	try {
		for await (const chunk of gunzip(source.chunks(), maxBytes)) {
			bytes += chunk.length;
			if (bytes <= MEGABYTE) chunks.push(chunk);
		}
	} catch (error) {
		if (!(error instanceof NotUnpackedError)) throw error;
		refused = true;
	}
	return { bytes, refused, content: Buffer.concat(chunks) };
}

const text = Buffer.from('Grüße aus Zürich\r\n');
const packed = gzipSync(text);

it.each([1, 7, 65536])('a sound file comes out as it was, in chunks of %d bytes', async (chunk) => {
	const { content, refused } = await unpack(new Source(packed, chunk));
	expect([content, refused]).toEqual([text, false]);
});

it('an empty file comes out empty', async () => {
	expect(await unpack(new Source(gzipSync(Buffer.alloc(0))))).toMatchObject({
		bytes: 0,
		refused: false,
	});
});

const damaged = (at: number) => {
	const bytes = Buffer.from(packed);
	bytes[bytes.length + at] ^= 1;
	return bytes;
};

/** Part of it may be unpacked by then: whoever reads it throws that away. */
it.each([
	['cut in its data', packed.subarray(0, 20)],
	['cut in its header', packed.subarray(0, 5)],
	['cut in its checksum', packed.subarray(0, packed.length - 3)],
	['that is nothing but its first two bytes', packed.subarray(0, 2)],
	['with a wrong checksum', damaged(-6)],
	['with a wrong length', damaged(-2)],
	['with bytes behind it', Buffer.concat([packed, Buffer.from('hidden')])],
	['with bytes behind zeros', Buffer.concat([packed, Buffer.alloc(512), Buffer.from('hidden')])],
	['with a member behind zeros', Buffer.concat([packed, Buffer.alloc(512), packed])],
	['of two members, the second of which is cut', Buffer.concat([packed, packed.subarray(0, 15)])],
	['of two members, the second of which is damaged', Buffer.concat([packed, damaged(-6)])],
	['with the first byte of a member behind it', Buffer.concat([packed, packed.subarray(0, 1)])],
	['of another method', Buffer.from([0x1f, 0x8b, 7, ...packed.subarray(3)])],
	['that is plain text', Buffer.from('plain text')],
	['without any byte', Buffer.alloc(0)],
])('a file %s is refused as a whole', async (_what, bytes) => {
	expect(await unpack(new Source(bytes))).toMatchObject({ refused: true });
});

it.each([1, 18, 65536])(
	'members one behind the other come out as one file, zeros behind them are padding, in chunks of %d bytes',
	async (chunk) => {
		const members = [
			gzipSync('one '),
			gzipSync(Buffer.alloc(0)),
			gzipSync('two'),
			Buffer.alloc(512),
		];
		const { content, refused } = await unpack(new Source(Buffer.concat(members), chunk));
		expect([content.toString(), refused]).toEqual(['one two', false]);
	},
);

it('a header with everything a header can have is skipped', async () => {
	const header = Buffer.from('\x1f\x8b\x08\x1e\0\0\0\0\0\x03\x02\0ABname\0comment\0\0\0', 'latin1');
	const whole = Buffer.concat([header, packed.subarray(10)]);
	expect(await unpack(new Source(whole, 3))).toMatchObject({ content: text, refused: false });
});

/** Content that makes packers use every kind of block, and lengths and distances of all sizes. */
const contents = fc
	.array(
		fc.oneof(
			fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
			fc
				.tuple(fc.string({ maxLength: 40 }), fc.integer({ min: 1, max: 3000 }))
				.map(([part, times]) => Buffer.from(part.repeat(times))),
			fc.integer({ min: 0, max: 70_000 }).map((size) => Buffer.alloc(size, size)),
		),
		{ maxLength: 6 },
	)
	.map((parts) => Buffer.concat(parts));
const waysToPack = fc.record({
	level: fc.integer({ min: 0, max: 9 }),
	strategy: fc.constantFrom(
		constants.Z_DEFAULT_STRATEGY,
		constants.Z_HUFFMAN_ONLY,
		constants.Z_RLE,
		constants.Z_FIXED,
	),
	memLevel: fc.integer({ min: 1, max: 9 }),
});

it('whatever zlib packs comes out as it was', async () => {
	await fc.assert(
		fc.asyncProperty(
			contents,
			waysToPack,
			fc.integer({ min: 1, max: 5000 }),
			async (bytes, how, chunk) => {
				const { content, refused } = await unpack(new Source(gzipSync(bytes, how), chunk));
				expect(refused).toBe(false);
				expect(content.equals(bytes)).toBe(true);
			},
		),
		{ numRuns: 150, seed: fixedSeed },
	);
});

it('damaged data is refused where zlib refuses it, and else comes out as with zlib', async () => {
	const changes = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), {
		minLength: 1,
		maxLength: 3,
	});
	await fc.assert(
		fc.asyncProperty(contents, waysToPack, changes, async (bytes, how, list) => {
			const body = deflateRawSync(bytes.subarray(0, 3000), how);
			for (const [at, byte] of list) body[at % body.length] = byte;
			const expected = inflated(body);
			const file = sealed(expected ?? Buffer.alloc(0), body);
			const { content, refused } = await unpack(new Source(file, 100));
			if (expected === null) expect(refused).toBe(true);
			else if (!refused) expect(content.equals(expected)).toBe(true);
			// What zlib leaves behind the end of the data is no part of it.
			else expect(unpackedByZlib(file)).toBeNull();
		}),
		{ numRuns: 1500, seed: fixedSeed },
	);
});

function inflated(body: Buffer): Buffer | null {
	try {
		return inflateRawSync(body);
	} catch {
		return null;
	}
}

function unpackedByZlib(file: Buffer): Buffer | null {
	try {
		return gunzipSync(file);
	} catch {
		return null;
	}
}

/** A member around this packed data, with the checksum and length of what it holds. */
function sealed(content: Buffer, body: Buffer): Buffer {
	const whole = gzipSync(content);
	return Buffer.concat([whole.subarray(0, 10), body, whole.subarray(-8)]);
}

it('any bytes are unpacked or refused, nothing else', async () => {
	await fc.assert(
		fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.boolean(), async (bytes, asGzip) => {
			const head = asGzip ? [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3] : [];
			const { refused, bytes: unpacked } = await unpack(
				new Source(Buffer.from([...head, ...bytes])),
			);
			expect(refused || unpacked >= 0).toBe(true);
		}),
		{ numRuns: 200, seed: fixedSeed },
	);
});

it('a file that becomes too large is stopped at once, and its source is read no further', async () => {
	const source = new Source(gzipSync(randomBytes(8 * MEGABYTE)));
	const { bytes, refused } = await unpack(source, MEGABYTE);
	expect(refused).toBe(true);
	expect(bytes).toBeLessThanOrEqual(MEGABYTE);
	expect(source.given).toBeLessThan(3 * MEGABYTE);
	expect(source.ended).toBe(true);
});

it('a file exactly as large as allowed comes out', async () => {
	const source = new Source(gzipSync(randomBytes(MEGABYTE)));
	expect(await unpack(source, MEGABYTE)).toMatchObject({ bytes: MEGABYTE, refused: false });
});

it('a bomb is stopped by what it becomes, long before the allowed size', async () => {
	const source = new Source(gzipSync(Buffer.alloc(256 * MEGABYTE)), 16 * 1024);
	const { bytes, refused } = await unpack(source);
	expect(refused).toBe(true);
	expect(bytes).toBeLessThan(128 * MEGABYTE);
});

it('a small file that compresses well is no bomb', async () => {
	const source = new Source(gzipSync(Buffer.alloc(32 * MEGABYTE)));
	expect(await unpack(source)).toMatchObject({ bytes: 32 * MEGABYTE, refused: false });
});

it('a source that breaks is told apart from a file that is broken', async () => {
	async function* broken() {
		yield packed.subarray(0, 10);
		throw new Error('the line was cut');
	}
	const reading = (async () => {
		for await (const _ of gunzip(broken(), MEGABYTE));
	})();
	await expect(reading).rejects.toThrow('the line was cut');
});

it('a reader that stops early ends the source', async () => {
	const source = new Source(gzipSync(randomBytes(8 * MEGABYTE)));
	for await (const _ of gunzip(source.chunks(), 1024 * MEGABYTE)) break;
	expect(source.ended).toBe(true);
	expect(source.given).toBeLessThan(3 * MEGABYTE);
});
