import {
	dispositionFileName,
	gzipFileName,
	mimeTypeOf,
	safeFileName,
} from '../../../nodes/DefenderLiveResponse/domain/fileName';

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
		['com¹.log', '_com¹.log'],
		['con .txt', '_con .txt'],
		['CONIN$', '_CONIN$'],
		['console.log', 'console.log'],
		['report.pdf          .exe', 'report.pdf .exe'],
		['a\u2044..\uff0fetc\uff3cpasswd', 'a_.._etc_passwd'],
		['zero\u200bwidth\u3164.txt', 'zero_width_.txt'],
		['half\ud800.txt', 'half_.txt'],
		['Grüße 日本語.txt', 'Grüße 日本語.txt'],
		['  .hidden. ', 'hidden'],
		['..', null],
		['', null],
	])('%j becomes %j', (name, expected) => {
		expect(safeFileName(name)).toBe(expected);
	});

	it.each([
		['x', 240],
		['日', 239],
		['👩', 237],
	])('made of %s keeps its ending when it is too long for a file system', (character, bytes) => {
		const name = safeFileName(`${character.repeat(500)}.evtx`) ?? '';
		expect(Buffer.byteLength(name)).toBe(bytes);
		expect(name).toMatch(/^[^_\ufffd]+\.evtx$/);
	});
});

it.each([
	['attachment; filename=output_1_0.json', 'output_1_0.json'],
	['attachment; filename="my file.gz"', 'my file.gz'],
	['attachment; filename="my%20file.gz"', 'my file.gz'],
	["attachment; filename=x; filename*=UTF-8''%E2%82%AC.txt", '€.txt'],
	["attachment; filename*=utf-8'de'Gr%C3%BC%C3%9Fe.txt", 'Grüße.txt'],
	['attachment; filename="100%.txt"', '100%.txt'],
	[`attachment; filename="${Buffer.from('Grüße.txt').toString('latin1')}"`, 'Grüße.txt'],
	['attachment; filename="Gr\u00fcn.txt"', 'Gr\u00fcn.txt'],
	['attachment; other="; filename=x"; filename=y', 'y'],
	['attachment; filename=a;b.txt.gz', 'a;b.txt.gz'],
	['attachment; filename=a;b=c.txt; size=3', 'a'],
	['attachment; filename=a; b.txt; size=3', 'a; b.txt'],
	['attachment; filename="C:\\Users\\x\\notes.txt"', 'C:\\Users\\x\\notes.txt'],
	['attachment; filename="C:\\\\Users\\\\x\\\\notes.txt"', 'C:\\Users\\x\\notes.txt'],
	['attachment; filename="a \\"quoted\\" name.txt"', 'a "quoted" name.txt'],
	['attachment; xfilename=x', null],
	['inline', null],
	[undefined, null],
])('Content-Disposition %j names %j', (header, expected) => {
	expect(dispositionFileName(header)).toBe(expected);
});

const gzipHeader = (flags: number, rest: string) =>
	Buffer.from(`\x1f\x8b\x08${String.fromCharCode(flags)}\x00\x00\x00\x00\x00\x03${rest}`, 'latin1');

it.each([
	['has one', gzipHeader(8, 'notes.txt\0data'), 'notes.txt'],
	['has one behind an extra field', gzipHeader(12, '\x02\x00ABnotes.txt\0data'), 'notes.txt'],
	['has one in UTF-8', gzipHeader(8, `${Buffer.from('Grüße').toString('latin1')}\0`), 'Grüße'],
	['has none', gzipHeader(0, 'data'), null],
	['has an empty one', gzipHeader(8, '\0data'), null],
	['does not end', gzipHeader(8, 'notes.txt'), null],
	['is cut', gzipHeader(8, '').subarray(0, 5), null],
	['has an extra field that is longer than all', gzipHeader(12, '\xff\xff'), null],
	['is none', Buffer.from('plain text that is long enough'), null],
])('the name in a gzip header that %s', (_what, head, expected) => {
	expect(gzipFileName(head)).toBe(expected);
});

it('knows the type by the ending', () => {
	expect(mimeTypeOf('a.json')).toBe('application/json');
	expect(mimeTypeOf('a.weird')).toBe('application/octet-stream');
	expect(mimeTypeOf('none')).toBe('application/octet-stream');
	expect(mimeTypeOf('a.constructor')).toBe('application/octet-stream');
});
