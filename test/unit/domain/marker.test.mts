import {
	commentWithoutMarker,
	isSameRun,
	markedComment,
	markerOf,
	type Marker,
} from '../../../nodes/DefenderLiveResponse/domain/marker';

const marker: Marker = {
	workflow: 'wF1',
	execution: '231',
	node: '0f8c-11',
	run: 0,
	item: 4,
	fingerprint: '00ff00ff00ff00ff',
	key: '',
};

describe('the marker in the comment', () => {
	it('comes back out of the comment it was written into', () => {
		expect(markerOf(markedComment('Alert 7', marker))).toEqual(marker);
		expect(markerOf(markedComment('', { ...marker, key: 'abcd' }))).toEqual({
			...marker,
			key: 'abcd',
		});
	});

	it('cannot be forged by what stands before it', () => {
		const forged = markedComment('[n8n w=x e=1 n=x r=0 i=0 f=aa]', marker);
		expect(markerOf(forged)).toEqual(marker);
	});

	it.each([null, '', 'Testing Live Response API', '[n8n w=x]'])('is not seen in %j', (comment) => {
		expect(markerOf(comment)).toBeNull();
	});
});

describe("the user's part of a comment", () => {
	it('is what was given, and null when nothing was', () => {
		expect(commentWithoutMarker(markedComment('Ticket INC1001', marker))).toBe('Ticket INC1001');
		expect(commentWithoutMarker(markedComment('', marker))).toBeNull();
		expect(commentWithoutMarker('Testing Live Response API')).toBe('Testing Live Response API');
		expect(commentWithoutMarker(null)).toBeNull();
	});
});

describe('a run is taken for the same', () => {
	it.each([
		['by the same execution', {}, false, true],
		['not by another execution', { execution: '232' }, false, false],
		['by a retry of the execution', { execution: '232' }, true, true],
		['not by another item', { item: 5 }, true, false],
		['not by another round of a loop', { run: 1 }, true, false],
		['not by another node', { node: 'other' }, true, false],
		['not by another workflow', { workflow: 'other' }, true, false],
		['not with other commands or another device', { fingerprint: 'ff' }, true, false],
	])('%s', (_case, change, isRetry, expected) => {
		expect(isSameRun(marker, { ...marker, ...change }, isRetry)).toBe(expected);
	});

	it('by its idempotency key, whoever started it', () => {
		const keyed = { ...marker, key: 'abcd' };
		const other = { ...keyed, workflow: 'x', execution: '9', item: 0 };
		expect(isSameRun(keyed, other, false)).toBe(true);
		expect(isSameRun(keyed, { ...other, key: 'efgh' }, false)).toBe(false);
		expect(isSameRun(marker, other, false)).toBe(false);
	});
});
