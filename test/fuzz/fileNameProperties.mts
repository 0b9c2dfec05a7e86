/** What file names promise, whatever a device or a store calls a file. */
import fc, { type Arbitrary } from 'fast-check';

import {
	dispositionFileName,
	gzipFileName,
	safeFileName,
} from '../../nodes/DefenderLiveResponse/domain/fileName';
import { namedByBytes } from '../../nodes/DefenderLiveResponse/domain/resultFileName';
import { anyBytes, deviceText } from './deviceInputs.mts';
import { bytesOf, holds, property, same, type Property } from './property.mts';

const PARTS = [
	'..',
	'.',
	'/',
	'\\',
	':',
	'C:',
	'con',
	'NUL',
	'com1',
	'LPT¹',
	'CONIN$',
	' ',
	'  ',
	'.txt',
	'.exe',
	'.tar.gz',
	'.gz',
	'.tgz',
	'.svgz',
	'\u0000',
	'\r\n',
	'\u202e',
	'\u2066',
	'\u200b',
	'\u3164',
	'\u00a0',
	'\ufe0f',
	'／',
	'＼',
	'⁄',
	'∕',
	'\ud800',
	'Ü',
	'日本語',
	'👩‍💻',
	'x'.repeat(150),
	'日'.repeat(90),
	'*?"<>|',
	'%2e%2e%2f',
	'~',
	'-',
	'_',
	'report',
];

const deviceName: Arbitrary<string> = fc.oneof(
	{
		weight: 3,
		arbitrary: fc.array(fc.constantFrom(...PARTS), { maxLength: 8 }).map((all) => all.join('')),
	},
	{ weight: 1, arbitrary: deviceText },
);

const NOT_IN_A_NAME =
	/[\\/:*?"<>|⁄∕⧵⧸⧹﹨／＼\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|[^\P{Zs} ]| {2}/u;
const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$|clock\$) *(\.|$)/i;

function isSafe(name: string): void {
	holds(name !== '' && Buffer.byteLength(name) <= 240, 'is empty or too long');
	holds(!NOT_IN_A_NAME.test(name), `holds what may not be in a name: ${JSON.stringify(name)}`);
	holds(!/^[. ]|[. ]$/.test(name), 'begins or ends in dots or spaces');
	holds(!RESERVED.test(name), 'is reserved');
	same(safeFileName(name), name, 'the same name again');
}

const safeNames = property({
	name: 'a file name is safe or none',
	share: 60,
	inputs: deviceName,
	check(name) {
		const safe = safeFileName(name);
		if (safe === null) return 'none';
		isSafe(safe);
		return safe === name ? 'unchanged' : 'changed';
	},
});

const headers: Arbitrary<string> = fc.oneof(
	fc
		.tuple(
			fc.constantFrom('attachment; ', 'inline;', '', ';;'),
			fc.constantFrom(
				'filename=',
				'filename="',
				'filename*=',
				"filename*=UTF-8''",
				'FILENAME = ',
				'filename',
			),
			deviceName,
			fc.constantFrom('', '"', '; filename=x', '\\'),
		)
		.map((parts) => parts.join('')),
	deviceText,
);

const storeNames = property({
	name: 'a Content-Disposition header never throws, and its name is made safe',
	share: 40,
	inputs: headers,
	check(header) {
		const name = dispositionFileName(header);
		const safe = name === null ? null : safeFileName(name);
		if (safe === null) return 'none';
		isSafe(safe);
		return 'name';
	},
});

const gzipNames = property({
	name: 'a gzip header never throws, and its name is made safe',
	share: 40,
	inputs: fc.oneof(
		anyBytes,
		fc
			.tuple(fc.integer({ min: 0, max: 255 }), anyBytes)
			.map(
				([flags, rest]) =>
					`\x1f\x8b\x08${String.fromCharCode(flags)}\x00\x00\x00\x00\x00\x03${rest}`,
			),
	),
	check(bytes) {
		const name = gzipFileName(bytesOf(bytes));
		const safe = name === null ? null : safeFileName(name);
		if (safe === null) return 'none';
		isSafe(safe);
		return 'name';
	},
});

const namesByBytes = property({
	name: 'the name of delivered bytes is safe, and says gzip when they are gzip and not otherwise',
	share: 40,
	inputs: fc.record({
		devicePath: fc.option(deviceName),
		contentDisposition: fc.option(headers),
		packed: fc.option(deviceName),
		isUnpacked: fc.boolean(),
		isGzip: fc.boolean(),
	}),
	check({ isUnpacked, isGzip, ...names }) {
		const fallback = 'output_1_0';
		const { fileName, mimeType } = namedByBytes(
			{ ...names, wanted: '', fallback },
			{ isUnpacked, isGzip },
		);
		isSafe(fileName);
		holds(isGzip || !/\.t?gz$/i.test(fileName), `${fileName} is no gzip`);
		holds(!isGzip || /\.(gz|tgz|svgz|emz|wmz)$/i.test(fileName), `${fileName} is gzip`);
		same(mimeType === 'application/gzip', isGzip, 'type');
		return fileName.startsWith(fallback) ? 'none' : 'name';
	},
});

export const fileNameProperties: readonly Property[] = [
	safeNames,
	storeNames,
	gzipNames,
	namesByBytes,
];
