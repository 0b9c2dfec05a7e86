import {
	namedByBytes,
	type KnownNames,
} from '../../../nodes/DefenderLiveResponse/domain/resultFileName';

const nothing: KnownNames = {
	wanted: '',
	devicePath: null,
	contentDisposition: null,
	packed: null,
	fallback: 'output_1_0',
};
const sent = (name: string) => ({ contentDisposition: `attachment; filename=${name}` });
const asItCame = { isUnpacked: false, isGzip: false };
const packed = { isUnpacked: false, isGzip: true };
const unpacked = { isUnpacked: true, isGzip: false };
const unpackedToGzip = { isUnpacked: true, isGzip: true };

it.each<[string, Partial<KnownNames>, Parameters<typeof namedByBytes>[1], string, string]>([
	['a file that Defender packed', sent('notes.txt.gz'), unpacked, 'notes.txt', 'text/plain'],
	['that file, left packed', sent('notes.txt.gz'), packed, 'notes.txt.gz', 'application/gzip'],
	[
		'a file without the ending, left packed',
		sent('notes.txt'),
		packed,
		'notes.txt.gz',
		'application/gzip',
	],
	[
		'a file that n8n unpacked on the way',
		sent('notes.txt.gz'),
		asItCame,
		'notes.txt',
		'text/plain',
	],
	[
		'a log that was gzip on the device',
		{ devicePath: '/var/logs.gz' },
		unpackedToGzip,
		'logs.gz',
		'application/gzip',
	],
	[
		'such a log that Defender did not pack',
		{ devicePath: '/var/logs.gz' },
		unpacked,
		'logs',
		'application/octet-stream',
	],
	['a file packed twice', sent('logs.gz.gz'), unpackedToGzip, 'logs.gz', 'application/gzip'],
	[
		'a file packed twice with one ending',
		sent('logs.gz'),
		unpackedToGzip,
		'logs.gz',
		'application/gzip',
	],
	[
		'a file that only claims to be packed',
		sent('logs.gz.gz'),
		asItCame,
		'logs',
		'application/octet-stream',
	],
	['an archive', sent('logs.tgz'), unpacked, 'logs.tar', 'application/octet-stream'],
	['an archive inside', sent('logs.tgz.gz'), unpackedToGzip, 'logs.tgz', 'application/gzip'],
	[
		'a picture that is gzip by its nature',
		{ devicePath: 'C:\\a.svgz' },
		unpackedToGzip,
		'a.svgz',
		'application/gzip',
	],
	['a name in the gzip header', { packed: 'a.csv' }, unpacked, 'a.csv', 'text/csv'],
	[
		'a name in the gzip header, left packed',
		{ packed: 'a.csv' },
		packed,
		'a.csv.gz',
		'application/gzip',
	],
	['nothing known', {}, packed, 'output_1_0.gz', 'application/gzip'],
	['nothing but an ending', sent('.gz'), unpacked, 'output_1_0', 'application/octet-stream'],
	[
		'a quoted path of Windows',
		sent('"C:\\Users\\x\\notes.txt"'),
		asItCame,
		'notes.txt',
		'text/plain',
	],
	[
		'the device above the store',
		{ ...sent('x.bin.gz'), devicePath: 'C:\\a;b.txt' },
		unpacked,
		'a;b.txt',
		'text/plain',
	],
	[
		'what the user wants',
		{ ...sent('x.gz'), wanted: 'mine.gz' },
		unpacked,
		'mine.gz',
		'application/octet-stream',
	],
])('%s', (_what, known, bytes, fileName, mimeType) => {
	expect(namedByBytes({ ...nothing, ...known }, bytes)).toEqual({ fileName, mimeType });
});
