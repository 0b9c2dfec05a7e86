import { endOf, WholeFile } from '../../../nodes/DefenderLiveResponse/results/wholeFile';

const range = (value: string, more = {}) => ({
	status: 206,
	headers: { etag: '"a"', 'content-range': `bytes ${value}`, ...more },
});
const whole = (more = {}) => ({ status: 200, headers: { etag: '"a"', ...more } });
const length = (bytes: number) => ({ 'content-length': String(bytes) });
const chunked = { 'transfer-encoding': 'chunked' };

/** A file of 100 bytes, of which 60 have come. */
function begun() {
	const first = whole(length(100));
	const file = new WholeFile(first);
	expect(file.partOf(first, 0)).toEqual({ start: 0, end: 100, isFramed: true });
	return file;
}

describe('a file that is fetched in parts', () => {
	it.each([
		['the rest of it', range('60-99/100', length(40)), { start: 60, end: 100, isFramed: true }],
		['the rest in chunks', range('60-99/100', chunked), { start: 60, end: 100, isFramed: true }],
		['a part from earlier on', range('50-99/100'), { start: 50, end: 100, isFramed: false }],
		['less than the rest', range('60-79/100'), { start: 60, end: 80, isFramed: false }],
		['all of it once more', whole(length(100)), { start: 0, end: 100, isFramed: true }],
		['all of it in chunks', whole(chunked), { start: 0, end: null, isFramed: true }],
	])('takes %s for what it is', (_case, answer, part) => {
		expect(begun().partOf(answer, 60)).toEqual(part);
	});

	it.each([
		['a part that leaves a gap', range('61-99/100')],
		['a part that does not say which', { status: 206, headers: { etag: '"a"' } }],
		['a part of a shorter file', range('5-9/10')],
		['a part of a file of unknown length', range('60-99/*')],
		['a part that is longer than it says', range('60-79/100', length(40))],
		['a part that is shorter than it says', range('60-99/100', length(20))],
		['a part that ends before it begins', range('60-20/100')],
		['a part that reaches beyond the file', range('60-100/100')],
		['a file of another length', whole(length(99))],
		['another file', { status: 200, headers: { etag: '"b"' } }],
		['the rest of another file', range('60-99/100', { etag: '"b"' })],
		['a file without an ETag', { status: 200, headers: {} }],
		[
			'no bytes from there on',
			{ status: 416, headers: { etag: '"a"', 'content-range': 'bytes */100' } },
		],
	])('does not go on with %s', (_case, answer) => {
		expect(begun().partOf(answer, 60)).toBeNull();
	});

	it('needs no ETag as long as nothing was delivered', () => {
		const first = { status: 200, headers: {} };
		expect(new WholeFile(first).partOf(first, 0)).not.toBeNull();
	});

	it('has the length that the first answer with one names', () => {
		const first = whole();
		const file = new WholeFile(first);
		file.partOf(first, 0);
		expect(file.partOf(range('60-99/100'), 60)).not.toBeNull();
		expect(file.partOf(range('60-119/120'), 60)).toBeNull();
		expect(file.partOf(whole(length(60)), 60)).toBeNull();
	});
});

describe('the end of a body', () => {
	const after = (
		answer: { status: number; headers: object },
		sent: number,
		first = whole(length(100)),
	) => {
		const file = new WholeFile(first);
		file.partOf(first, 0);
		const delivered = answer === first ? 0 : 60;
		const part = file.partOf({ ...answer, headers: { ...answer.headers } }, delivered)!;
		return endOf(file, answer as Parameters<typeof endOf>[1], part, sent, part.start + sent);
	};

	it('is that of the file when the body had a length of its own, whatever n8n unpacked', () => {
		const first = whole(length(100));
		expect(after(first, 100, first)).toBe('whole');
		expect(after(first, 3000, first)).toBe('whole');
	});

	it('is that of the file when the body came in chunks and nothing else is known', () => {
		const first = whole(chunked);
		expect(after(first, 70, first)).toBe('whole');
	});

	it('is none when it is only that of the connection', () => {
		const first = whole();
		expect(after(first, 100, first)).toBe('unsound');
	});

	it('is that of the file when the length fits what an earlier answer announced', () => {
		expect(after(whole(), 100)).toBe('whole');
		expect(after(whole(chunked), 100)).toBe('whole');
		expect(after(whole(chunked), 70)).toBe('unsound');
	});

	it('of a part is that of the file, or of a part, or none', () => {
		expect(after(range('60-99/100'), 40)).toBe('whole');
		expect(after(range('60-79/100'), 20)).toBe('part');
		expect(after(range('60-99/100'), 20)).toBe('unsound');
		expect(after(range('60-99/100'), 50)).toBe('unsound');
	});

	it('is that of the file when the store has nothing behind it', () => {
		const answer = { status: 416, headers: { etag: '"a"', 'content-range': 'bytes */60' } };
		expect(after(answer, 0, whole())).toBe('whole');
	});
});
