/** What devices, honest and hostile ones, may send: texts, transcripts, JSON, bytes, names. */
import fc, { type Arbitrary } from 'fast-check';

const SNIPPETS = [
	'plain text ',
	'\n',
	'\r\n',
	'\r',
	'\t',
	'\u0000',
	'\u0000\u0000\u0000',
	'\u001b[31mred\u001b[0m',
	'\b\f\u0007',
	'┌─┐│└┘█',
	'日本語 中文 한국어',
	'שלום مرحبا',
	'\u202eexe.\u202c\u2066x\u2069',
	'Grüße, señor',
	'👩‍💻',
	'\ud800',
	'\udc00',
	'\ufffd',
	'\ufeff',
	'\u2028\u2029\u0085',
	'\\',
	'\\n',
	'\\u0000',
	'"',
	'": ',
	'{',
	'}',
	'[',
	']',
	'{"script_output": "inner", "exit_code": 9}',
	'PSScript_Transcript_{',
	'}.txt',
	'C:\\',
	'__proto__',
	'ENOENT: no such file',
];

const units = (max: number, most: number) =>
	fc
		.array(fc.integer({ min: 0, max }), { maxLength: most })
		.map((list) => String.fromCharCode(...list));

/** Text with everything that has ever been trouble. */
export const deviceText: Arbitrary<string> = fc.oneof(
	{
		weight: 4,
		arbitrary: fc.array(fc.constantFrom(...SNIPPETS), { maxLength: 12 }).map((all) => all.join('')),
	},
	{ weight: 1, arbitrary: units(0xffff, 40) },
	{ weight: 1, arbitrary: units(0x7f, 80) },
	{ weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }) },
);

const GUID = '6F0C2A51-7D3E-4B0A-9C44-2E5B8A71D9F3';
const FOLDER =
	'C:\\ProgramData\\Microsoft\\Windows Defender Advanced Threat Protection\\Temp\\PSScriptOutputs\\';

/** PowerShell's first line, in the words of any language. */
export const transcriptLine: Arbitrary<{ sentence: string; path: string; end: string }> = fc.record(
	{
		sentence: fc.constantFrom(
			'Transcript started, output file is ',
			'Transcription démarrée, le fichier de sortie est ',
			'Die Aufzeichnung wurde gestartet. Die Ausgabedatei ist "',
			'기록을 시작했습니다. 출력 파일은 ',
			'トランスクリプトが開始されました。出力ファイル: ',
			'Протокол запущен, выходной файл: ',
			'',
		),
		path: fc.constantFrom(
			`${FOLDER}PSScript_Transcript_{${GUID}}.txt`,
			`D:\\Журнал\\Windows Defender Advanced Threat Protection\\PSScript_Transcript_{${GUID}}.txt`,
			`${FOLDER}PSScript_Transcript_{TRANSCRIPT_ID}.txt`,
		),
		end: fc.constantFrom('\n', '\r\n', '\r', ' \n', '\u0000\n', '".\n', '입니다.\r\n'),
	},
);

export interface Transcript {
	script_name: string;
	exit_code: number | string | null;
	script_output: string;
	script_errors: string;
}

export const transcript: Arbitrary<Transcript> = fc.record({
	script_name: fc.oneof(fc.constantFrom('triage.ps1', 'run.sh', ''), deviceText),
	exit_code: fc.oneof(
		fc.constantFrom(0, 1, -1, 323, 4294967295, null),
		fc.constantFrom('17', ' -3 ', 'x'),
		fc.integer(),
	),
	script_output: fc.oneof(
		deviceText,
		fc
			.tuple(transcriptLine, deviceText)
			.map(([{ sentence, path, end }, rest]) => `${sentence}${path}${end}${rest}`),
	),
	script_errors: fc.oneof(fc.constant(''), deviceText),
});

/** Space between the tokens of a file: none, Python's, or lines. */
export const layout = fc.constantFrom('compact', 'spaced', 'lines', 'crlfLines');
export type Layout = 'compact' | 'spaced' | 'lines' | 'crlfLines';

export function written(value: unknown, how: Layout): string {
	switch (how) {
		case 'compact':
			return JSON.stringify(value);
		case 'spaced':
			return ` ${JSON.stringify(value, null, 1).replaceAll('\n', '')}\n`;
		case 'lines':
			return JSON.stringify(value, null, 2);
		case 'crlfLines':
			return JSON.stringify(value, null, '\t').replaceAll('\n', '\r\n');
	}
}

/** Any bytes, as Latin-1 text; often with the beginning of something known. */
export const anyBytes: Arbitrary<string> = fc.oneof(
	units(0xff, 200),
	fc
		.tuple(
			fc.constantFrom(
				'\x1f\x8b',
				'\x1f\x8b\x08\x08\x00\x00\x00\x00\x00\x03',
				'PK\x03\x04',
				'\xef\xbb\xbf',
				'\xff\xfe',
				'\xfe\xff',
				'{\x00"\x00',
				'\x00{\x00"',
				'{"script_output": "',
				'{"exit_code": 1, "script_name": "',
				'\n\x00',
			),
			units(0xff, 100),
		)
		.map(([head, rest]) => head + rest),
	fc
		.array(fc.constantFrom('{', '}', '[', ']', '"', '\\', ',', ':', '\n', '\x00', 'a', '1'), {
			maxLength: 60,
		})
		.map((all) => all.join('')),
);

/** One change to a file: what is cut out at a place, and what is put there. */
export interface Change {
	/** Place, as a part of the whole from 0 to 1000. */
	at: number;
	cut: number;
	put: string;
}

export const changes: Arbitrary<Change[]> = fc.array(
	fc.record({
		at: fc.integer({ min: 0, max: 1000 }),
		cut: fc.integer({ min: 0, max: 20 }),
		put: fc.oneof(fc.constant(''), units(0xff, 4), fc.constantFrom('"', '\\', '{', '}', '\n')),
	}),
	{ minLength: 1, maxLength: 4 },
);

export function changed(latin1: string, list: readonly Change[]): string {
	return list.reduce((text, { at, cut, put }) => {
		const place = Math.floor((text.length * at) / 1000);
		return text.slice(0, place) + put + text.slice(place + cut);
	}, latin1);
}
