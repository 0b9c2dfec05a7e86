/** What the transcript parser promises, whatever a device sends. */
import fc from 'fast-check';

import { readDeviceObject } from '../../nodes/DefenderLiveResponse/domain/deviceObject';
import * as transcripts from '../../nodes/DefenderLiveResponse/domain/transcript';
import type { TranscriptFields } from '../../nodes/DefenderLiveResponse/domain/transcriptFields';
import {
	anyBytes,
	changed,
	changes,
	deviceText,
	layout,
	transcript,
	transcriptLine,
	written,
	type Layout,
	type Transcript,
} from './deviceInputs.mts';
import { bytesOf, holds, property, same, type Property } from './property.mts';

const parseTranscript = (file: Buffer, asked: typeof plain) =>
	transcripts.parseTranscript(file, asked).fields;
const parseTranscriptText = (text: string, asked: typeof plain) =>
	transcripts.parseTranscriptText(text, asked).fields;

const plain = { rawOutput: false, parseOutputAsJson: false };
const raw = { rawOutput: true, parseOutputAsJson: false };
const options = fc.record({ rawOutput: fc.boolean(), parseOutputAsJson: fc.boolean() });

const withoutFirstLine = (text: string) => text.replace(/^[ \t\r\n]*[^\r\n]*(\r\n|\n|\r|$)/, '');
const withoutTail = (text: string) => text.replace(/[\0\r\n]+$/, '');

const exitCodeOf = (value: Transcript['exit_code']): number | null => {
	const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	return Number.isSafeInteger(number) ? Number(number) : null;
};

const soundTranscripts = property({
	name: 'a sound transcript is read as JSON.parse reads it',
	share: 150,
	inputs: fc.record({ transcript, layout }),
	check({ transcript: sent, layout: how }) {
		const file = Buffer.from(written(sent, how));
		const fields = parseTranscript(file, raw);
		same(
			fields,
			{
				script_name: sent.script_name === '' ? null : sent.script_name,
				exit_code: exitCodeOf(sent.exit_code),
				output: sent.script_output,
				error: withoutTail(sent.script_errors) === '' ? null : sent.script_errors,
				transcript_path: fields.transcript_path,
				parse: 'strict',
			},
			'fields',
		);
		const shown = parseTranscript(file, plain);
		// Of UTF-16 the NULs are taken out, and nothing else.
		if (shown.parse === 'repaired') {
			holds(sent.script_output.includes('\0') || sent.script_errors.includes('\0'), 'repaired');
			return shown.parse;
		}
		const output =
			fields.transcript_path === null ? sent.script_output : withoutFirstLine(sent.script_output);
		same(
			shown,
			{
				...fields,
				output: withoutTail(output),
				error: fields.error === null ? null : withoutTail(fields.error),
			},
			'fields without Raw Output',
		);
		return fields.parse;
	},
});

const anyJson = property({
	name: 'any other JSON comes out as it is',
	share: 60,
	inputs: fc.record({ value: fc.json({ maxDepth: 4 }), options }),
	check({ value, options: asked }) {
		const parsed: unknown = JSON.parse(value);
		const keys = typeof parsed === 'object' && parsed !== null ? Object.keys(parsed) : [];
		if (keys.some((key) => /^(script_|exit_code)/.test(key))) return 'transcript';
		const fields = parseTranscript(Buffer.from(value), asked);
		same(
			fields,
			{
				script_name: null,
				exit_code: null,
				error: null,
				transcript_path: null,
				parse: 'raw',
				output: value,
			},
			'fields',
		);
		return fields.parse;
	},
});

interface Damage {
	encoding: 'utf8' | 'utf8Mark' | 'utf16le' | 'utf16leMark' | 'utf16be' | 'utf16beMark';
	rawControls: boolean;
	trailing: string;
}

const damage = fc.record({
	encoding: fc.constantFrom<Damage['encoding'][]>(
		'utf8',
		'utf8Mark',
		'utf16le',
		'utf16leMark',
		'utf16be',
		'utf16beMark',
	),
	rawControls: fc.boolean(),
	trailing: fc.oneof(
		fc.constant(''),
		fc.constantFrom('\x00', '\x00\x00\x00', '\r\n', '\n\x00', '}', '{"', '\xff\xfe\x80'),
		anyBytes,
	),
});

function damaged(
	sent: Transcript,
	how: Layout,
	{ encoding, rawControls, trailing }: Damage,
): Buffer {
	const sound = written(sent, how);
	const text = rawControls ? withRawControls(sound) : sound;
	return Buffer.concat([encoded(text, encoding), bytesOf(trailing)]);
}

/** Every escaped control character as the character itself, as an old sensor writes them. */
function withRawControls(json: string): string {
	const short: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
	return json.replace(/\\(u00[01][0-9a-f]|["\\/bfnrt]|u[0-9a-f]{4})/g, (whole, code: string) => {
		if (code.startsWith('u00')) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
		return short[code] ?? whole;
	});
}

function encoded(text: string, encoding: Damage['encoding']): Buffer {
	switch (encoding) {
		case 'utf8':
			return Buffer.from(text);
		case 'utf8Mark':
			return Buffer.from(`\ufeff${text}`);
		case 'utf16le':
			return Buffer.from(text, 'utf16le');
		case 'utf16leMark':
			return Buffer.from(`\ufeff${text}`, 'utf16le');
		case 'utf16be':
			return Buffer.from(text, 'utf16le').swap16();
		case 'utf16beMark':
			return Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
	}
}

const damagedTranscripts = property({
	name: 'a damaged transcript gives the fields of the sound one',
	share: 170,
	inputs: fc.record({ transcript, layout, damage, options }),
	check({ transcript: sent, layout: how, damage: harm, options: asked }) {
		const sound = parseTranscript(Buffer.from(written(sent, how)), asked);
		const fields = parseTranscript(damaged(sent, how, harm), asked);
		same({ ...fields, parse: null }, { ...sound, parse: null }, 'fields');
		holds(fields.parse !== 'raw', 'was not repaired');
		return fields.parse;
	},
});

const anyBytesAtAll = property({
	name: 'any bytes end in strict, repaired or raw, and lose nothing',
	share: 150,
	inputs: fc.record({ bytes: anyBytes, options }),
	check: ({ bytes, options: asked }) => totalOn(bytesOf(bytes), asked),
});

const changedTranscripts = property({
	name: 'a transcript with bytes changed, cut or put in loses nothing',
	share: 150,
	inputs: fc.record({ transcript, layout, damage, changes, options }),
	check({ transcript: sent, layout: how, damage: harm, changes: list, options: asked }) {
		const file = changed(damaged(sent, how, harm).toString('latin1'), list);
		return totalOn(bytesOf(file), asked);
	},
});

function totalOn(file: Buffer, asked: typeof plain): string {
	const fields = parseTranscript(file, asked);
	wellFormed(fields);
	if (fields.parse === 'raw') {
		same(Object.keys(fields).length, 6, 'number of fields');
		if (fields.output !== null && Buffer.from(file.toString('utf8')).equals(file)) {
			const text = file.toString('utf8').replace(/^\ufeff/, '');
			const [first, second] = file;
			const hasUtf16Mark =
				(first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
			if (!hasUtf16Mark) same(fields.output, text, 'raw output');
		}
		holds(
			fields.output !== null || !isPlainText(file),
			'text was taken for something else and not shown',
		);
	}
	return fields.parse;
}

const isPlainText = (file: Buffer) =>
	file.every((byte) => byte >= 0x20 && byte < 0x7f) && file.toString('latin1', 0, 2) !== 'PK';

function wellFormed(fields: TranscriptFields): void {
	const textOrNull = (value: unknown) => value === null || typeof value === 'string';
	holds(['strict', 'repaired', 'raw'].includes(fields.parse), 'parse has another value');
	holds(textOrNull(fields.script_name) && fields.script_name !== '', 'script_name is no name');
	holds(textOrNull(fields.error) && fields.error !== '', 'error is empty text or no text');
	holds(textOrNull(fields.output), 'output is no text');
	holds(
		fields.exit_code === null || Number.isSafeInteger(fields.exit_code),
		'exit_code is no whole number',
	);
	holds(fields.parse === 'raw' || fields.output !== null, 'a transcript without output');
	JSON.stringify(fields);
}

const firstLines = property({
	name: 'the first line of PowerShell is known in every language',
	share: 60,
	inputs: fc.record({ line: transcriptLine, rest: deviceText }),
	check({ line: { sentence, path, end }, rest }) {
		const text = JSON.stringify({ script_output: `${sentence}${path}${end}${rest}` });
		const fields = parseTranscriptText(text, plain);
		same(fields.transcript_path, path, 'transcript_path');
		// Of UTF-16 the NULs are taken out.
		if (fields.parse === 'repaired') return fields.parse;
		// A carriage return in front of a line feed is one line break.
		const after = end === '\r' && rest.startsWith('\n') ? rest.slice(1) : rest;
		same(fields.output, withoutTail(after), 'output');
		return fields.parse;
	},
});

const oddJson = fc.constantFrom(
	'{"__proto__": {"polluted": true}}',
	'{"a": {"__proto__": 1, "b": [{"\\u005f_proto__": {}}]}}',
	'{"constructor": {"prototype": {"polluted": true}}}',
	'{"a": 1, "a": 2}',
	'12345678901234567890',
	'1e400',
	'"\\ud800"',
	'[[[[[[[[[[]]]]]]]]]]',
	'null',
	`${'['.repeat(500)}${']'.repeat(500)}`,
	'{"toString": 1, "valueOf": 2, "toJSON": 3, "hasOwnProperty": 4}',
);

const printedJson = property({
	name: 'Parse Output as JSON never throws and takes only JSON',
	share: 60,
	inputs: fc.oneof(oddJson, fc.json({ maxDepth: 3 }), deviceText),
	check(output) {
		const text = JSON.stringify({ script_output: output, exit_code: 0 });
		const fields = parseTranscriptText(text, { ...plain, parseOutputAsJson: true });
		const shown = fields.output ?? '';
		const value = parsed(shown);
		if (value === undefined || shown.startsWith('[[[[[[[[[[[')) {
			holds(!('output_json' in fields), 'output_json of something that is no JSON');
			return 'no JSON';
		}
		// A key that would change what objects inherit is left out, nothing else.
		same(fields.output_json, parsed(shown, withoutProto), 'output_json');
		holds(Object.getOwnPropertyNames(Object.prototype).length === PROTOTYPE_SIZE, 'polluted');
		JSON.stringify(fields);
		return 'JSON';
	},
});

const PROTOTYPE_SIZE = Object.getOwnPropertyNames(Object.prototype).length;

const withoutProto = (key: string, inner: unknown) => (key === '__proto__' ? undefined : inner);

function parsed(text: string, reviver?: typeof withoutProto): unknown {
	try {
		return JSON.parse(text.replace(/^\ufeff/, ''), reviver);
	} catch {
		return undefined;
	}
}

const oddValues = fc.constantFrom(
	'1e3',
	'-0',
	'1.5',
	'1e400',
	'-1e400',
	'9007199254740991',
	'9007199254740993',
	'12345678901234567890123',
	'"12"',
	'"0x10"',
	'" 7 "',
	'"9007199254740993"',
	'""',
	'true',
	'null',
	'{}',
	'[]',
	'[1, "a"]',
	'"x"',
	'{"a": {"b": 1}}',
);
const oddKeys = fc.constantFrom(
	'script_name',
	'exit_code',
	'script_output',
	'script_errors',
	'script_error',
	'name',
	'__proto__',
	'constructor',
	'toString',
	'hasOwnProperty',
	'',
);

const oddFields = property({
	name: 'odd keys and values are read by one rule, own keys only, the last of two alike',
	share: 60,
	inputs: fc.array(fc.tuple(oddKeys, oddValues), { maxLength: 8 }),
	check(entries) {
		const file = `{${entries.map(([key, value]) => `${JSON.stringify(key)}: ${value}`).join(', ')}}`;
		const last = new Map<string, string>(entries);
		const fields = parseTranscriptText(file, raw);
		wellFormed(fields);
		const others = ['script_name', 'script_errors', 'script_error'];
		const isTranscript =
			last.has('script_output') || (last.has('exit_code') && others.some((key) => last.has(key)));
		holds((fields.parse === 'strict') === isTranscript, `parse is ${fields.parse}`);
		if (!isTranscript) return fields.parse;
		const written: unknown = JSON.parse(last.get('exit_code') ?? 'null');
		const number =
			typeof written === 'string' && /^\s*-?\d+\s*$/.test(written) ? Number(written) : written;
		same(fields.exit_code, Number.isSafeInteger(number) ? Number(number) + 0 : null, 'exit_code');
		return fields.parse;
	},
});

const soundJson = property({
	name: 'sound JSON is read member by member as JSON.parse reads it',
	share: 80,
	inputs: fc.record({
		json: fc.oneof(fc.json({ maxDepth: 4 }), oddJson),
		layout,
		behind: deviceText,
	}),
	check({ json, layout: how, behind }) {
		const value: unknown = JSON.parse(json);
		if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'no object';
		const sound = json.startsWith('{"') && how === 'compact' ? json : written(value, how).trim();
		const found = readDeviceObject(sound + behind);
		if (found.kind !== 'object') throw new Error(`is ${found.kind}`);
		same(found.end, sound.length, 'end');
		holds(!found.isRepaired, 'repaired');
		const read = new Map(
			found.members.map(({ key, value: member }) => [
				key,
				member.kind === 'text' ? member.text : member.value,
			]),
		);
		same(read, new Map(Object.entries(JSON.parse(sound) as object)), 'members');
		return 'object';
	},
});

/** Members of a whole file; each `#` becomes a word of its own. */
const wordyKeys = fc.constantFrom(
	'script_name',
	'name',
	'exit_code',
	'script_output',
	'script_errors',
	'script_error',
	'host',
);
const wordyValues = fc.constantFrom(
	'"#"',
	'"#\\n\\"#\\" #\\r\\n\\u0000"',
	'["#", "#"]',
	'[["#"], {"#": null}]',
	'323',
	'""',
	'null',
);

const lossless = property({
	name: 'every word of a whole file is in a field, or its file comes along',
	share: 120,
	inputs: fc.record({
		members: fc.array(fc.tuple(wordyKeys, wordyValues), { maxLength: 7 }),
		separator: fc.constantFrom(', ', ',\r\n'),
		behind: fc.constantFrom('', '\n\0', ' #', '\n{"script_output": "#"}'),
		damage,
	}),
	check({ members, separator, behind, damage: { encoding, rawControls } }) {
		const entries = members.map(([key, value]) => `"${key}": ${value}`);
		const parts = `{${entries.join(separator)}}${behind}`.split('#');
		const words = parts.slice(1).map((_, at) => `<word ${at}>`);
		const text = parts.map((part, at) => part + (words[at] ?? '')).join('');
		const file = encoded(rawControls ? withRawControls(text) : text, encoding);
		const { fields, unsaid } = transcripts.parseTranscript(file, plain);
		wellFormed(fields);
		if (unsaid !== null) return 'file';
		// Of UTF-16 that is no transcript, the NULs are in the output as well.
		const said = JSON.stringify(fields).replaceAll('\\u0000', '');
		for (const word of words) holds(said.includes(word), `${word} is lost`);
		return fields.parse;
	},
});

/** Pieces that take much time or memory for their size, repeated. */
const pieces = fc.array(
	fc.oneof(
		fc.constantFrom(
			'{}',
			'[]',
			'[',
			'{"a":',
			'{"a":1}',
			'"a"',
			'"',
			'\\',
			'\\"',
			'\\\\"',
			'\\u0041',
			',',
			':',
			'1',
			'null',
			'\0',
			'\n',
			'\r\n',
			'\x01',
			'\x1b',
			'a\0',
			'",',
			'","script_errors":"',
			'C:\\',
			'}',
			']',
			'\xff',
			'é',
			'日',
		),
		fc.integer({ min: 0, max: 1e6 }).map((at) => `"k${at}":0,`),
	),
	{ minLength: 1, maxLength: 6 },
);

const AMPLIFIED_SIZE = 48 * 1024;

const amplification = property({
	name: 'what is repeated is read in linear time, and grows by no more than escapes',
	share: 2,
	inputs: fc.record({
		head: fc.constantFrom(
			'',
			'{"script_output":"',
			'{"script_output":',
			'{"exit_code":0,"z":[',
			'{"script_output":"x","script_errors":"',
		),
		pieces,
		tail: fc.constantFrom('', '"}', '","script_errors":""}', ']}', '}'),
		options,
	}),
	check({ head, pieces: list, tail, options: asked }) {
		const of = (size: number) => {
			const body = list.join('').repeat(Math.ceil(size / list.join('').length));
			return Buffer.from(head + body + tail, 'latin1');
		};
		const time = (size: number) => {
			const file = of(size);
			return Math.min(...[1, 2, 3].map(() => timeOf(() => parseTranscript(file, asked))));
		};
		const small = Math.max(0.2, time(AMPLIFIED_SIZE));
		holds(time(AMPLIFIED_SIZE * 8) / small < 40, 'more than linear');
		const fields = parseTranscript(of(AMPLIFIED_SIZE), asked);
		const said = (fields.output ?? '').length + (fields.error ?? '').length;
		holds(said <= of(AMPLIFIED_SIZE).length, 'says more than the file');
		return fields.parse;
	},
});

/** Of this process alone, in milliseconds: other programs on the machine do not count. */
function timeOf(work: () => unknown): number {
	const before = process.cpuUsage();
	work();
	const { user, system } = process.cpuUsage(before);
	return (user + system) / 1000;
}

export const transcriptProperties: readonly Property[] = [
	soundTranscripts,
	anyJson,
	damagedTranscripts,
	anyBytesAtAll,
	changedTranscripts,
	firstLines,
	printedJson,
	oddFields,
	soundJson,
	lossless,
	amplification,
];
