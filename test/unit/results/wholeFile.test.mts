import { partOf } from '../../../nodes/DefenderLiveResponse/results/wholeFile';

describe('a file that is fetched in parts', () => {
	const range = (value: string) => ({ etag: '"a"', 'content-range': `bytes ${value}` });

	it.each([
		['the rest of it', 206, range('60-99/100'), { start: 60, end: null }],
		['a part from earlier on', 206, range('50-99/100'), { start: 50, end: null }],
		['less than the rest', 206, range('60-79/100'), { start: 60, end: 80 }],
		['all of it once more', 200, { etag: '"a"' }, { start: 0, end: null }],
		['a part that leaves a gap', 206, range('61-99/100'), null],
		['a part that does not say which', 206, { etag: '"a"' }, null],
		['another file', 200, { etag: '"b"' }, null],
		['the rest of another file', 206, { ...range('60-99/100'), etag: '"b"' }, null],
		['a file without an ETag', 200, {}, null],
	])('takes %s for what it is', (_case, status, headers, part) => {
		expect(partOf({ status, headers }, '"a"', 60)).toEqual(part);
	});

	it('needs no ETag as long as nothing was delivered', () => {
		expect(partOf({ status: 200, headers: {} }, null, 0)).toEqual({ start: 0, end: null });
	});
});
