/** A file is whole or it is none, whatever the answers of a store, or of something in its place, say. */
import fc from 'fast-check';

import { endOf, WholeFile } from '../../nodes/DefenderLiveResponse/results/wholeFile';
import { holds, property, type Property } from './property.mts';

/** An answer; numbers are parts of the file from 0 to 1000. */
const answers = fc.record({
	kind: fc.constantFrom('all', 'all', 'rest', 'rest', 'otherRange', 'end'),
	/** The announced length: true, none, or another one. */
	length: fc.constantFrom('true', 'true', 'none', 'other'),
	isChunked: fc.boolean(),
	/** How much of what was announced comes. */
	comes: fc.constantFrom(1000, 1000, 0, 1, 500, 999),
	from: fc.integer({ min: 0, max: 1000 }),
	to: fc.integer({ min: 0, max: 1000 }),
	total: fc.constantFrom('true', 'true', 'other', 'unknown'),
	etag: fc.constantFrom('"a"', '"a"', '"a"', '"b"', ''),
});
type Answer = typeof answers extends fc.Arbitrary<infer Value> ? Value : never;

interface Made {
	status: number;
	headers: Record<string, string>;
	/** Bytes of the body, and whether it ends as if all had come. */
	sent: number;
	isEnded: boolean;
}

/** What Node.js makes of it: a body that is shorter than its own length, or its last chunk, is broken. */
function made(answer: Answer, size: number, delivered: number): Made {
	const part = (of: number) => Math.floor((size * of) / 1000);
	const total = { true: String(size), other: String(size + 7), unknown: '*' }[answer.total];
	const headers: Record<string, string> = answer.etag === '' ? {} : { etag: answer.etag };
	if (answer.kind === 'end') {
		headers['content-range'] = `bytes */${total}`;
		return { status: 416, headers, sent: 0, isEnded: true };
	}
	const [start, end] =
		answer.kind === 'all'
			? [0, size]
			: answer.kind === 'rest'
				? [delivered, size]
				: [part(answer.from), part(answer.to)];
	if (answer.kind !== 'all') headers['content-range'] = `bytes ${start}-${end - 1}/${total}`;
	const whole = Math.max(0, end - start);
	const announced = answer.length === 'other' ? Math.floor(whole / 2) : whole;
	const sent = Math.floor((announced * answer.comes) / 1000);
	if (answer.length !== 'none') headers['content-length'] = String(announced);
	else if (answer.isChunked) headers['transfer-encoding'] = 'chunked';
	const isFramed = answer.length !== 'none' || answer.isChunked;
	return {
		status: answer.kind === 'all' ? 200 : 206,
		headers,
		sent,
		isEnded: !isFramed || sent === announced,
	};
}

const wholeFiles = property({
	name: 'a file that is passed on has all the bytes that its first answer announced',
	share: 60,
	inputs: fc.record({
		size: fc.integer({ min: 1, max: 2000 }),
		first: answers,
		more: fc.array(answers, { maxLength: 6 }),
	}),
	check({ size, first, more }) {
		// A store that cuts a file and ends it in chunks is not found out.
		const opened = made(
			{ ...first, kind: 'all', length: first.length === 'other' ? 'true' : first.length },
			size,
			0,
		);
		if (opened.headers['transfer-encoding'] !== undefined && opened.sent < size)
			opened.isEnded = false;
		const file = new WholeFile(opened);
		let delivered = 0;
		for (const next of [null, ...more]) {
			const answer = next === null ? opened : made(next, size, delivered);
			const part = file.partOf(answer, delivered);
			if (part === null) return 'rejected';
			if (file.total !== null && file.total !== size) return 'lied to from the start';
			// Chunks that end early: only a length that is known already tells.
			const isSilent = file.total === null && answer.headers['transfer-encoding'] !== undefined;
			if (isSilent && answer.status === 200 && answer.sent < size) answer.isEnded = false;
			delivered = Math.max(delivered, part.start + answer.sent);
			const end = answer.isEnded ? endOf(file, answer, part, answer.sent, delivered) : 'broken';
			if (end !== 'whole') continue;
			holds(delivered === size, `${delivered} of ${size} bytes are whole`);
			return 'whole';
		}
		return 'unfinished';
	},
});

export const wholeFileProperties: readonly Property[] = [wholeFiles];
