import {
	commentWithoutMarker,
	hasSameKey,
	isSameRun,
	markedComment,
	markerOf,
	mayBeStartedWith,
	type Marker,
} from '../../../nodes/DefenderLiveResponse/domain/marker';

const marker: Marker = {
	instance: '0a1b2c3d',
	workflow: 'wF1',
	execution: '231',
	lineage: '231',
	node: '0f8c11aa22bb',
	round: 0,
	item: 4,
	fingerprint: '00ff00ff00ff00ff',
	key: '',
	campaign: '',
};

describe('the marker in the comment', () => {
	it.each([
		['an execution', {}],
		['a retry', { lineage: '7' }],
		['an idempotency key', { key: 'abcd' }],
	])('of %s comes back out of the comment it was written into', (_case, more) => {
		const written = { ...marker, ...more };
		expect(markerOf(markedComment('Alert 7', written))).toEqual(written);
		expect(markerOf(markedComment('', written))).toEqual(written);
	});

	it('stands first, so that it stays where a long comment is cut', () => {
		const comment = markedComment('a'.repeat(5000), marker);
		expect(comment.length).toBeLessThan(600);
		expect(markerOf(comment.slice(0, 120))).toEqual(marker);
	});

	it('does not cut a character in two', () => {
		expect(markedComment(`${'a'.repeat(499)}😀`, marker)).toMatch(/a{499}$/);
	});

	it.each([
		'[n8n w=x e=1 n=x r=0 i=0 f=aa]',
		'[n8n s=x w=x e=1 n=x r=0 i=0 f=aa] and more',
		'] [n8n s=x',
	])('cannot be forged by what the comment says: %s', (comment) => {
		expect(markerOf(markedComment(comment, marker))).toEqual(marker);
	});

	it('of the older form, at the end and with whole ids, is read as well', () => {
		const comment = 'Alert 7 [n8n w=wF1 e=231 n=0f8c-11 r=0 i=4 f=00ff k=abcd]';
		expect(markerOf(comment)).toEqual({
			...marker,
			instance: '',
			node: '0f8c-11',
			fingerprint: '00ff',
			key: 'abcd',
		});
	});

	it.each([
		null,
		'',
		'Testing Live Response API',
		'[n8n w=x]',
		'[n8n s=1 w=x]',
		'By hand [n8n s=0a1b2c3d w=wF1 e=231 n=0f8c r=0 i=4 f=00ff]',
	])('is not seen in %j', (comment) => {
		expect(markerOf(comment)).toBeNull();
	});
});

describe("the user's part of a comment", () => {
	it('is what was given, and null when nothing was', () => {
		expect(commentWithoutMarker(markedComment('Ticket INC1001', marker))).toBe('Ticket INC1001');
		expect(commentWithoutMarker(markedComment('', marker))).toBeNull();
		expect(commentWithoutMarker('Old [n8n w=w e=1 n=n r=0 i=0 f=00ff]')).toBe('Old');
		expect(commentWithoutMarker('Testing Live Response API')).toBe('Testing Live Response API');
		expect(commentWithoutMarker(null)).toBeNull();
	});
});

describe('a run is taken for the same', () => {
	it.each([
		['by the same execution', {}, true],
		['by a retry of the execution', { execution: '232' }, true],
		['not by another execution', { execution: '232', lineage: '232' }, false],
		['not by another item', { item: 5 }, false],
		['not by another round of a loop', { round: 1 }, false],
		['not by another node', { node: 'other' }, false],
		['not by another workflow', { workflow: 'other' }, false],
		['not by another n8n', { instance: 'other' }, false],
		['not with other commands or another device', { fingerprint: 'ff' }, false],
	])('%s', (_case, change, expected) => {
		expect(isSameRun(marker, { ...marker, ...change })).toBe(expected);
	});

	it('by a retry of which n8n lost the execution', () => {
		const retry = { ...marker, execution: '232', lineage: '232' };
		expect(isSameRun(marker, retry, true)).toBe(true);
		expect(isSameRun(marker, { ...retry, item: 5 }, true)).toBe(false);
	});

	it('by its idempotency key, whoever started it', () => {
		const keyed = { ...marker, key: 'abcd' };
		const other = { ...keyed, workflow: 'x', lineage: '9', item: 0 };
		expect(hasSameKey(keyed, other)).toBe(true);
		expect(hasSameKey(keyed, { ...other, key: 'efgh' })).toBe(false);
		expect(hasSameKey(marker, marker)).toBe(false);
	});
});

describe('the answer to a start', () => {
	const sent = markedComment('Alert 7', marker);

	it.each([
		['the comment as it was sent', sent],
		['a comment that was cut', sent.slice(0, sent.length - 3)],
		['no comment', null],
		['an empty comment', ' '],
	])('may be for one that shows %s', (_case, shown) => {
		expect(mayBeStartedWith(sent, shown)).toBe(true);
	});

	it.each([
		['cut within the marker', sent.slice(0, 40)],
		['with text around it', `API: ${sent} (n8n)`],
	])('is taken for one that shows it %s', (_case, shown) => {
		expect(mayBeStartedWith(sent, shown)).toBe(true);
	});

	it.each([
		['a comment by hand', 'Alert 7'],
		['a marker by hand that is none of its own', '[n8n'],
		['the marker of another item', markedComment('Alert 7', { ...marker, item: 5 })],
		['the marker of another execution', markedComment('', { ...marker, execution: '9' })],
		['the marker of another key', markedComment('Alert 7', { ...marker, key: 'abcd' })],
	])('is not for one that shows %s', (_case, shown) => {
		expect(mayBeStartedWith(sent, shown)).toBe(false);
	});
});
