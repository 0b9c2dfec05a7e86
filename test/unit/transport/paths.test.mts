import { odataAll, odataString } from '../../../nodes/DefenderLiveResponse/transport/odata';
import { apiPath } from '../../../nodes/DefenderLiveResponse/transport/paths';

describe('values in paths', () => {
	it('keeps the parentheses of a function call literal', () => {
		expect(apiPath`/machineactions/${'1-a'}/GetLiveResponseResultDownloadLink(index=${3})`).toBe(
			'/machineactions/1-a/GetLiveResponseResultDownloadLink(index=3)',
		);
	});

	it.each([
		['a/b', '/machines/a%2Fb'],
		['a?b=c#d', '/machines/a%3Fb%3Dc%23d'],
		['..%2f', '/machines/..%252f'],
		['hello world.ps1', '/machines/hello%20world.ps1'],
	])('%s stays one segment', (value, path) => {
		expect(apiPath`/machines/${value}`).toBe(path);
	});

	it.each(['', '.', '..'])('%p is refused', (value) => {
		expect(() => apiPath`/machines/${value}`).toThrow(RangeError);
	});
});

describe('values in filters', () => {
	it('doubles quotes', () => {
		expect(odataString("O'Neil' or 1 eq 1")).toBe("'O''Neil'' or 1 eq 1'");
	});

	it('joins what is there', () => {
		expect(odataAll(["type eq 'LiveResponse'", null, "status eq 'Failed'"])).toBe(
			"type eq 'LiveResponse' and status eq 'Failed'",
		);
		expect(odataAll([null])).toBeUndefined();
	});
});
