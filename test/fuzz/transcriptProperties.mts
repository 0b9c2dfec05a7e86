/** What the transcript parser promises, whatever a device sends. */
import fc from 'fast-check';

import { repairJson } from '../../nodes/DefenderLiveResponse/domain/jsonRepair';
import {
	parseTranscript,
	parseTranscriptText,
	type TranscriptFields,
} from '../../nodes/DefenderLiveResponse/domain/transcript';
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

const plain = { rawOutput: false, parseOutputAsJson: false };
const raw = { rawOutput: true, parseOutputAsJson: false };
const options = fc.record({ rawOutput: fc.boolean(), parseOutputAsJson: fc.boolean() });

const withoutFirstLine = (text: string) => text.replace(/^[^\r\n]*(\r\n|\n|\r|$)/, '');
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
		const output =
			fields.transcript_path === null ? sent.script_output : withoutFirstLine(sent.script_output);
		same(
			parseTranscript(file, plain),
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

const repairs = property({
	name: 'repair leaves sound JSON as it is',
	share: 40,
	inputs: fc.record({ json: fc.json({ maxDepth: 4 }), behind: deviceText }),
	check({ json, behind }) {
		if (!/^[{[]/.test(json)) return 'no object';
		const repaired = repairJson(json + behind);
		same(repaired, json, 'repaired');
		return 'object';
	},
});

export const transcriptProperties: readonly Property[] = [
	soundTranscripts,
	anyJson,
	damagedTranscripts,
	anyBytesAtAll,
	changedTranscripts,
	firstLines,
	printedJson,
	oddFields,
	repairs,
];
