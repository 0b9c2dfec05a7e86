/** Nothing that a device wrote is lost: it is in a field, or the file comes along. */
import {
	parseTranscript,
	parseTranscriptText,
} from '../../../nodes/DefenderLiveResponse/domain/transcript';

const options = { rawOutput: false, parseOutputAsJson: false };
const parse = (file: string | Buffer) =>
	parseTranscript(typeof file === 'string' ? Buffer.from(file) : file, options);
const of = (transcript: unknown) => parse(JSON.stringify(transcript));

describe('the file comes along when', () => {
	it.each([
		[
			'a second transcript stands behind the first',
			'{"script_output":"first"}\n{"script_output":"SECOND"}',
		],
		['text stands behind the brace', '{"script_output":"first"} and more'],
		['a key stands there twice', '{"script_output":"first","script_output":"second"}'],
		['a key stands there twice, once escaped', '{"script_output":"a","script\\u005foutput":"b"}'],
		['there is a key that no field is for', '{"script_output":"first","host":"pc-1"}'],
		['the name of the script is no text', '{"script_output":"first","script_name":["a.ps1"]}'],
		['there are two names', '{"script_output":"","script_name":"a.ps1","name":"b.ps1"}'],
		['the exit code is no whole number', '{"script_output":"first","exit_code":"0xC0000005"}'],
		['the exit code is too large', '{"script_output":"first","exit_code":9007199254740993}'],
	])('%s', (_what, file) => {
		const { fields, unsaid } = parse(file);
		expect(fields.output).not.toBeNull();
		expect(unsaid).toBe('members');
	});

	it('bytes are no text', () => {
		const { unsaid } = parse(Buffer.from('{"script_output": "Gr\xfc\xdfe"}', 'latin1'));
		expect(unsaid).toBe('bytes');
	});
});

describe('no file comes along for', () => {
	it.each([
		[
			'a transcript',
			'{"script_name":"a.ps1","exit_code":0,"script_output":"x","script_errors":""}',
		],
		['one in lines', '{\r\n\t"script_output": "x",\r\n\t"exit_code": null\r\n}\r\n'],
		['NULs behind it', '{"script_output":"x"}\u0000\u0000'],
		['the same name under both keys', '{"script_output":"","script_name":"a","name":"a"}'],
		['an exit code as text', '{"script_output":"x","exit_code":" 17 "}'],
		[
			'an empty error under the other key',
			'{"script_output":"","script_errors":"e","script_error":""}',
		],
	])('%s', (_what, file) => {
		expect(parse(file).unsaid).toBeNull();
	});

	it('UTF-16 without a mark, also with letters beyond ASCII', () => {
		const json = '{"script_output":"Grüße","exit_code":0}';
		for (const bytes of [Buffer.from(json, 'utf16le'), Buffer.from(json, 'utf16le').swap16()]) {
			const { fields, unsaid } = parse(bytes);
			expect(fields).toMatchObject({ output: 'Grüße', exit_code: 0, parse: 'repaired' });
			expect(unsaid).toBeNull();
		}
	});

	it('text that begins with a byte order mark', () => {
		const { fields, unsaid } = parseTranscriptText('\ufeff{"script_output":"x"}', options);
		expect(fields).toMatchObject({ output: 'x', parse: 'strict' });
		expect(unsaid).toBeNull();
	});
});

describe('standard error', () => {
	it.each([
		['under both names is joined', 'one\r\n', 'two', 'one\ntwo'],
		['under both names, the same, is given once', 'one', 'one', 'one'],
		['is not hidden by line breaks under the other name', '\r\n', 'BOOM', 'BOOM'],
		['is not hidden by nothing under the other name', '', 'BOOM', 'BOOM'],
	])('%s', (_what, script_errors, script_error, error) => {
		expect(of({ script_output: '', script_errors, script_error }).fields.error).toBe(error);
	});
});

describe('output that is no text', () => {
	it.each([
		['["a","b"]', 'a\nb'],
		['[]', ''],
		['[[["aaa",""],""],""]', '[[["aaa",""],""],""]'],
		['["a",1]', '["a",1]'],
		['{"a": 12345678901234567890}', '{"a": 12345678901234567890}'],
		['7', '7'],
		['null', ''],
	])('%s is shown as %p', (written, output) => {
		const { fields, unsaid } = parse(`{"script_output":${written},"exit_code":0}`);
		expect(fields).toMatchObject({ output, exit_code: 0, parse: 'strict' });
		expect(unsaid).toBeNull();
	});
});

describe('more values than are parsed', () => {
	const many = `[${'{},'.repeat(600_000)}1]`;

	it.each([
		['beside the output', `{"script_output":"x","exit_code":0,"z":${many}}`],
		['as the output', `{"script_output":${many}}`],
		['as members', `{"script_output":"x"${',"a":""'.repeat(600_000)}}`],
	])('%s: the file is raw, and comes along', (_where, file) => {
		const { fields, unsaid } = parse(file);
		expect(fields).toMatchObject({ parse: 'raw', output: file, exit_code: null });
		expect(unsaid).toBe('values');
	});

	it('that a script printed are text only', () => {
		const { fields } = parseTranscript(Buffer.from(JSON.stringify({ script_output: many })), {
			rawOutput: false,
			parseOutputAsJson: true,
		});
		expect(fields).toMatchObject({ output: many, parse: 'strict' });
		expect(fields).not.toHaveProperty('output_json');
	});

	it('that are not too many are parsed, however long their texts', () => {
		const rows = Array.from({ length: 1000 }, () => 'x"[{,'.repeat(200));
		const { fields } = parseTranscript(
			Buffer.from(JSON.stringify({ script_output: JSON.stringify(rows) })),
			{ rawOutput: false, parseOutputAsJson: true },
		);
		expect(fields.output_json).toEqual(rows);
	});
});

describe('a long output', () => {
	it.each([
		['with quotes and a short standard error', 'warning: "x"'],
		['with quotes and no standard error', ''],
		['with quotes and a standard error like it', '"quoted" '.repeat(500)],
	])('%s is read whole', (_what, script_errors) => {
		const script_output = 'a "quoted" word\t\\ and {"json": "}"}\n'.repeat(5000);
		const json = JSON.stringify({ script_output, script_errors, exit_code: 3 });
		const last = JSON.stringify({ exit_code: 3, script_errors, script_output });
		for (const file of [json, last, json.replaceAll('\\n', '\n'), last.replaceAll('\\n', '\n')]) {
			const { fields, unsaid } = parse(file);
			expect(fields.output).toBe(script_output.trimEnd());
			expect(fields.error).toBe(script_errors === '' ? null : script_errors);
			expect(unsaid).toBeNull();
		}
	});

	it('does not hide a second one between its quotes', () => {
		const quoted = '\\"'.repeat(100);
		const { fields, unsaid } = parse(
			`{"script_output":"${quoted}first","script_output":"second","script_errors":""}`,
		);
		expect(fields.output).toBe('second');
		expect(unsaid).toBe('members');
	});

	it.each([0, 1, 2, 3, 4, 5, 6])('is read across the end of a part: %d', (shift) => {
		const script_output = `${'x'.repeat(64 * 1024 - 4 + shift)}\\"\u0001\u0007é\\\\u0041\n`.repeat(
			3,
		);
		const raw = JSON.stringify({ script_output }).replaceAll('\\n', '\n');
		expect(parse(raw).fields).toMatchObject({
			output: script_output.slice(0, -1),
			parse: 'repaired',
		});
	});
});
