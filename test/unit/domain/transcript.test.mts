import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import * as transcripts from '../../../nodes/DefenderLiveResponse/domain/transcript';

type Options = Parameters<typeof transcripts.parseTranscript>[1];

const parseTranscript = (bytes: Buffer, asked: Options) =>
	transcripts.parseTranscript(bytes, asked).fields;
const parseTranscriptText = (text: string, asked: Options) =>
	transcripts.parseTranscriptText(text, asked).fields;

const options = { rawOutput: false, parseOutputAsJson: false };
const fixture = (name: string) => readFileSync(join(__dirname, '../../fixtures', name));
const file = (transcript: unknown) => Buffer.from(JSON.stringify(transcript));

const TRANSCRIPT_FILE =
	'C:\\ProgramData\\Microsoft\\Windows Defender Advanced Threat Protection\\Temp\\PSScriptOutputs\\PSScript_Transcript_{6F0C2A51-7D3E-4B0A-9C44-2E5B8A71D9F3}.txt';

describe('a result file as Windows devices write it', () => {
	it('comes out as exit code, output and error', () => {
		expect(parseTranscript(fixture('windows-empty-output.json'), options)).toEqual({
			script_name: 'collect_triage.ps1',
			exit_code: 0,
			output: '',
			error: null,
			transcript_path: TRANSCRIPT_FILE,
			parse: 'strict',
		});
	});

	it('keeps everything with Raw Output', () => {
		const fields = parseTranscript(fixture('windows-empty-output.json'), {
			...options,
			rawOutput: true,
		});
		expect(fields.output).toBe(`Transcript started, output file is ${TRANSCRIPT_FILE}\n\u0000`);
	});
});

it("parses the documentation's own sample, which is not valid JSON", () => {
	expect(parseTranscript(fixture('documented-sample.json'), options)).toEqual({
		script_name: 'minidump.ps1',
		exit_code: 0,
		output: 'C:\\windows\\TEMP\\OfficeClickToRun.dmp.zip\n51 MB',
		error: null,
		transcript_path:
			'C:\\ProgramData\\Microsoft\\Windows Defender Advanced Threat Protection\\Temp\\PSScriptOutputs\\PSScript_Transcript_{TRANSCRIPT_ID}.txt',
		parse: 'repaired',
	});
});

describe('field names of every age of the API', () => {
	it.each(['script_error', 'script_errors'])('reads standard error from %s', (key) => {
		const transcript = { script_name: 'a.ps1', exit_code: 1, script_output: '', [key]: 'boom\r\n' };
		expect(parseTranscript(file(transcript), options)).toMatchObject({ error: 'boom' });
	});

	it('reads the script name from name', () => {
		const fields = parseTranscript(file({ name: 'old.ps1', script_output: 'x' }), options);
		expect(fields.script_name).toBe('old.ps1');
	});
});

describe('exit codes', () => {
	it.each([
		[0, 0],
		[323, 323],
		[-1, -1],
		[4294967295, 4294967295],
		['17', 17],
		['not a number', null],
		[1.5, null],
		[2 ** 60, null],
		[null, null],
		[undefined, null],
	])('%p becomes %p', (written, expected) => {
		const fields = parseTranscript(file({ script_output: '', exit_code: written }), options);
		expect(fields.exit_code).toBe(expected);
	});
});

describe('damage that is repaired', () => {
	const sound = { script_name: 'a.ps1', exit_code: 3, script_output: 'x', script_errors: 'e' };
	const json = JSON.stringify(sound);
	const fields = {
		script_name: 'a.ps1',
		exit_code: 3,
		output: 'x',
		error: 'e',
		transcript_path: null,
		parse: 'repaired',
	};

	it.each([
		['a UTF-8 byte order mark', Buffer.from(`\ufeff${json}`)],
		['UTF-16 LE with a mark', Buffer.from(`\ufeff${json}`, 'utf16le')],
		['UTF-16 BE with a mark', Buffer.from(`\ufeff${json}`, 'utf16le').swap16()],
		['UTF-16 LE without a mark', Buffer.from(json, 'utf16le')],
		['UTF-16 BE without a mark', Buffer.from(json, 'utf16le').swap16()],
		['NULs behind the file', Buffer.from(`${json}\u0000\u0000\u0000`)],
		['bytes behind the file', Buffer.from(`${json}\r\ngarbage "{`)],
	])('%s', (_damage, bytes) => {
		expect(parseTranscript(bytes, options)).toEqual(fields);
	});

	it('many bytes of something else behind the file', () => {
		const bytes = Buffer.concat([
			Buffer.from(json),
			Buffer.alloc(50_000, '\x00\x81\xfe\x03', 'latin1'),
		]);
		expect(parseTranscript(bytes, options)).toEqual(fields);
	});

	it('raw control characters inside strings', () => {
		const bytes = Buffer.from('{"script_output": "a\r\nb\tc\u0000d\u001be", "exit_code": 0}');
		expect(parseTranscript(bytes, options)).toMatchObject({
			output: 'a\r\nb\tc\u0000d\u001be',
			parse: 'repaired',
		});
	});

	it('a backslash in front of a raw line break', () => {
		const bytes = Buffer.from('{"script_output": "a\\\nb", "exit_code": 0}');
		expect(parseTranscript(bytes, options)).toMatchObject({ output: 'a\\\nb', parse: 'repaired' });
	});
});

describe('what is not a transcript', () => {
	const raw = {
		script_name: null,
		exit_code: null,
		error: null,
		transcript_path: null,
		parse: 'raw',
	};

	it.each([
		['plain text', 'just text\n\u0000'],
		['other JSON', '{"name": "settings", "value": 1}'],
		['a JSON array', '[1, 2]'],
		['cut off JSON', '{"script_output": "abc'],
		['nothing', ''],
		['deep nesting', '['.repeat(100_000)],
	])('%s comes out as it is', (_what, text) => {
		expect(parseTranscript(Buffer.from(text), options)).toEqual({ ...raw, output: text });
	});

	it.each([
		['gzip', gzipSync(file({ script_output: 'x', exit_code: 0 }))],
		['zip', Buffer.from([0x50, 0x4b, 0x03, 0x04, 0, 0])],
		['binary', Buffer.from(Array.from({ length: 512 }, (_, at) => (at * 37) % 256))],
	])('a %s file has no text', (_what, bytes) => {
		expect(parseTranscript(bytes, options)).toEqual({ ...raw, output: null });
	});
});

describe('text from a device that may be hostile', () => {
	it('longer than a string can be is a file, not a failure', () => {
		expect(parseTranscript(Buffer.alloc(0x2000_0000, 'a'), options)).toMatchObject({
			output: null,
			parse: 'raw',
		});
	});

	it.each(Array.from({ length: 8 }, (_, at) => 60 + at))(
		'ends where it ends behind %i backslashes',
		(count) => {
			const said = '\\'.repeat(count);
			for (const output of [said, `${said}"`, `${said}","exit_code":7}`]) {
				const text = JSON.stringify({ script_output: output, exit_code: 0 });
				expect(parseTranscriptText(text, options)).toMatchObject({ output, exit_code: 0 });
			}
		},
	);

	it('made of raw control characters is read, though it would be too long with all of them escaped', () => {
		const file = Buffer.alloc(96 * 1024 * 1024, 1);
		file.write('{"script_output": "\\"');
		file.write('"}', file.length - 2);
		const { output, parse } = parseTranscript(file, options);
		expect(parse).toBe('repaired');
		expect(output).toHaveLength(file.length - '{"script_output": "\\"}'.length);
	});

	it.each(Array.from({ length: 8 }, (_, at) => at))(
		'is the same text wherever in a long file it stands: %i',
		(at) => {
			const filler = 'x'.repeat(64 * 1024 - at);
			const [written, said] = ['\\u00e4\\\\\\"\\n\t', 'ä\\"\n\t.'];
			const text = `{"script_output":"${filler}${written}.${filler}${written}.","exit_code":0}`;
			expect(parseTranscriptText(text, options)).toMatchObject({
				output: `${filler}${said}${filler}${said}`,
				exit_code: 0,
				parse: 'repaired',
			});
		},
	);

	it('has no NULs of UTF-16 on any of many lines, and keeps others', () => {
		const words = Buffer.from('wsl --list\r\n', 'utf16le').toString('latin1');
		const line = 'y'.repeat(70_000);
		const output = `${words.repeat(5000)}${line}\0\n${words.repeat(5000)}a\0bc\n${words}end`;
		const said = 'wsl --list\r\n';
		expect(parseTranscriptText(JSON.stringify({ script_output: output }), options)).toMatchObject({
			output: `${said.repeat(5000)}\0${line}\0\n${said.repeat(5000)}\0a\0bc\n${said}\0end`,
			parse: 'repaired',
		});
	});

	it('keeps colours, boxes, right-to-left text and lone surrogates as they are', () => {
		const output = '\u001b[31mred\u001b[0m ┌─┐ שלום 日本語 \u202e \ud800';
		const fields = parseTranscriptText(JSON.stringify({ script_output: output }), options);
		expect(fields).toMatchObject({ output, parse: 'strict' });
	});

	it('takes no field from a prototype', () => {
		const fields = parseTranscriptText(
			'{"script_output": "x", "__proto__": {"exit_code": 9}, "constructor": 1}',
			options,
		);
		expect(fields).toMatchObject({ exit_code: null, output: 'x' });
	});
});

describe('Parse Output as JSON', () => {
	const withJson = { ...options, parseOutputAsJson: true };

	it('adds what the script printed', () => {
		const fields = parseTranscript(file({ script_output: '{"cpu": 97}\r\n\u0000' }), withJson);
		expect(fields).toMatchObject({ output: '{"cpu": 97}', output_json: { cpu: 97 } });
	});

	it('leaves out keys that would change what objects inherit', () => {
		const fields = parseTranscript(
			file({ script_output: '{"a": {"__proto__": {"admin": true}}, "constructor": 1}' }),
			withJson,
		);
		expect(fields.output_json).toStrictEqual({ a: {}, constructor: 1 });
		expect(fields.output).toContain('__proto__');
	});

	it.each([
		[200, true],
		[201, false],
		[100_000, false],
	])('of %d levels', (levels, added) => {
		const output = '['.repeat(levels) + ']'.repeat(levels);
		const fields = parseTranscript(file({ script_output: output }), withJson);
		expect(fields.output).toBe(output);
		expect('output_json' in fields).toBe(added);
	});

	it('adds nothing when the output is no JSON', () => {
		const fields = parseTranscript(file({ script_output: 'plain' }), withJson);
		expect(fields).not.toHaveProperty('output_json');
	});
});
