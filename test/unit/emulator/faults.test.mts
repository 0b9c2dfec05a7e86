import { Faults } from '../../../emulator/faults/faults.mts';

const link = '/api/machineactions/1/GetLiveResponseResultDownloadLink(index=0)';

describe('ordered faults', () => {
	it('hit the requests they match, in the order they were given, as often as asked', () => {
		const faults = new Faults();
		faults.order(
			{ kind: 'serverError', path: /Link\(index=0\)$/, count: 2 },
			{ kind: 'badGateway', method: 'GET' },
		);
		const kinds = [1, 2, 3, 4].map(() => faults.take('api', 'GET', link)?.kind);

		expect(kinds).toEqual(['serverError', 'serverError', 'badGateway', undefined]);
		expect(faults.outstanding).toEqual([]);
	});

	it('leave other requests alone', () => {
		const faults = new Faults();
		faults.order({ kind: 'lostAnswer', method: 'POST', path: 'runliveresponse$' });

		expect(faults.take('api', 'GET', '/api/machines/1/runliveresponse')).toBeUndefined();
		expect(faults.take('api', 'POST', link)).toBeUndefined();
		expect(faults.take('login', 'POST', '/api/machines/1/runliveresponse')).toBeUndefined();
		expect(faults.outstanding).toHaveLength(1);
	});

	it('let the first requests pass when told to', () => {
		const faults = new Faults();
		faults.order({ kind: 'unauthorized', skip: 2 });
		const kinds = [1, 2, 3].map(() => faults.take('api', 'GET', link)?.kind);

		expect(kinds).toEqual([undefined, undefined, 'unauthorized']);
	});

	it('go where the kind belongs', () => {
		const faults = new Faults();
		faults.order(
			{ kind: 'expiredLink' },
			{ kind: 'signInError', error: 'invalid_grant', code: 53003 },
			{ kind: 'slow', seconds: 1, on: 'download' },
		);

		expect(faults.take('api', 'GET', link)).toBeUndefined();
		expect(faults.take('download', 'GET', '/')?.kind).toBe('expiredLink');
		expect(faults.take('login', 'POST', '/t')?.kind).toBe('signInError');
		expect(faults.take('download', 'GET', '/')?.kind).toBe('slow');
	});

	it('of a foreign start wait for a start, unless a path says otherwise', () => {
		const faults = new Faults();
		faults.order({ kind: 'foreignStart' });

		expect(faults.take('api', 'GET', '/api/machines/1')).toBeUndefined();
		expect(faults.take('api', 'POST', '/api/machines/1/runliveresponse')?.kind).toBe(
			'foreignStart',
		);
	});

	it('can last for ever', () => {
		const faults = new Faults();
		faults.order({ kind: 'unavailable', count: -1 });
		for (let call = 0; call < 100; call += 1) faults.take('api', 'GET', link);

		expect(faults.take('api', 'GET', link)?.kind).toBe('unavailable');
		faults.clear();
		expect(faults.take('api', 'GET', link)).toBeUndefined();
	});
});
