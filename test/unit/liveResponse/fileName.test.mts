import {
	dispositionFileName,
	mimeTypeOf,
	safeFileName,
	withoutGzipEnding,
} from '../../../nodes/DefenderLiveResponse/liveResponse/fileName';

describe('file names from a device', () => {
	it.each([
		['report.csv', 'report.csv'],
		['C:\\Users\\Public\\notes.txt', 'notes.txt'],
		['/var/log/auth.log', 'auth.log'],
		['..\\..\\windows\\system32\\evil.dll', 'evil.dll'],
		['a\u0000b\r\nc.txt', 'a_b__c.txt'],
		['invoice\u202egpj.exe', 'invoice_gpj.exe'],
		['CON', '_CON'],
		['nul.txt', '_nul.txt'],
		['  .hidden. ', 'hidden'],
		['..', null],
		['', null],
	])('%j becomes %j', (name, expected) => {
		expect(safeFileName(name)).toBe(expected);
	});

	it('keeps the ending of a name that is too long', () => {
		const name = safeFileName(`${'x'.repeat(500)}.evtx`);
		expect(name).toHaveLength(200);
		expect(name).toMatch(/\.evtx$/);
	});
});

it.each([
	['attachment; filename=output_1_0.json', 'output_1_0.json'],
	['attachment; filename="my file.gz"', 'my file.gz'],
	['attachment; filename="my%20file.gz"', 'my file.gz'],
	["attachment; filename=x; filename*=UTF-8''%E2%82%AC.txt", '€.txt'],
	['attachment; filename="100%.txt"', '100%.txt'],
	['inline', null],
	[undefined, null],
])('Content-Disposition %j names %j', (header, expected) => {
	expect(dispositionFileName(header)).toBe(expected);
});

it('knows the type by the ending', () => {
	expect(mimeTypeOf('a.json')).toBe('application/json');
	expect(mimeTypeOf('a.weird')).toBe('application/octet-stream');
	expect(mimeTypeOf('none')).toBe('application/octet-stream');
	expect(withoutGzipEnding('a.txt.gz')).toBe('a.txt');
});
