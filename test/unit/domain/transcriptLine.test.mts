/** The line that PowerShell writes itself, and what a script wrote that looks like it. */
import { parseTranscriptText } from '../../../nodes/DefenderLiveResponse/domain/transcript';

const PATH =
	'C:\\ProgramData\\Microsoft\\Windows Defender Advanced Threat Protection\\Temp\\PSScriptOutputs\\PSScript_Transcript_{6F0C2A51-7D3E-4B0A-9C44-2E5B8A71D9F3}.txt';

const parse = (script_output: string, more = {}) =>
	parseTranscriptText(JSON.stringify({ script_output }), {
		rawOutput: false,
		parseOutputAsJson: false,
		...more,
	}).fields;

/** The first five were seen on real systems; the others stand for what languages do. */
const SENTENCES: Array<[language: string, sentence: string]> = [
	['English', `Transcript started, output file is ${PATH}`],
	['German', `Die Aufzeichnung wurde gestartet. Die Ausgabedatei ist "${PATH}".`],
	['Korean', `기록을 시작했습니다. 출력 파일은 ${PATH}입니다.`],
	['French', `Transcription démarrée, le fichier de sortie est ${PATH}`],
	['Japanese', `トランスクリプトが開始されました。出力ファイル: ${PATH}`],
	['Spanish', `Transcripción iniciada, el archivo de salida es ${PATH}`],
	['Italian', `Trascrizione avviata. Il file di output è ${PATH}`],
	['Chinese', `已启动脚本，输出文件为 ${PATH}`],
	['Russian', `Запись сеанса начата, выходной файл: «${PATH}»`],
	['Turkish', `Transkript başlatıldı, çıkış dosyası: '${PATH}' olarak ayarlandı`],
];

describe.each(SENTENCES)('the first line in %s', (_language, sentence) => {
	it.each([
		['a line feed', '\n'],
		['a carriage return and a line feed', '\r\n'],
		['a blank and a line feed', ' \n'],
	])('goes, with %s behind it', (_what, end) => {
		expect(parse(`${sentence}${end}line 1\r\nline 2\r\n\u0000`)).toMatchObject({
			output: 'line 1\r\nline 2',
			transcript_path: PATH,
			parse: 'strict',
		});
	});

	it('goes when nothing else was written', () => {
		expect(parse(`${sentence}\n\u0000`)).toMatchObject({ output: '', transcript_path: PATH });
	});

	it('goes with the blank line before it', () => {
		expect(parse(`\r\n${sentence}\r\nline 1`)).toMatchObject({
			output: 'line 1',
			transcript_path: PATH,
		});
	});

	it('stays with Raw Output, and does not hide JSON', () => {
		const written = `${sentence}\n{"cpu": 97}\n`;
		const fields = parse(written, { rawOutput: true, parseOutputAsJson: true });
		expect(fields).toMatchObject({ output: written, output_json: { cpu: 97 } });
	});
});

describe('a line of the script stays', () => {
	it.each([
		[
			'a file of that name in another folder',
			'ALERT mimikatz wrote C:\\PSScript_Transcript_{a}.txt\nx',
		],
		['the path in the middle of a long line', `${'x'.repeat(300)} ${PATH}\nx`],
		['words far behind the path', `${PATH} ${'x'.repeat(100)}\nx`],
		['no drive', `a ${PATH.slice(3)}\nx`],
		['no end of the name', `${PATH.slice(0, -5)}\nx`],
		['something else in the braces', `${PATH.replace('6F0C2A51', 'a b')}\nx`],
		['the line as the second one', `first\nTranscript started, output file is ${PATH}\nx`],
	])('%s', (_what, output) => {
		expect(parse(output)).toMatchObject({ output, transcript_path: null });
	});
});

describe('output in UTF-16', () => {
	const utf16 = (text: string) => text.replace(/[^]/g, '$&\u0000');

	it('of a program among other lines is found by its words', () => {
		const output = `Distributions:\r\n${utf16('Ubuntu-24.04 (Default)\r\ndocker-desktop\r\n')}done`;
		const fields = parse(`Transcript started, output file is ${PATH}\n${output}\r\n\u0000`);
		expect(fields).toMatchObject({
			output: 'Distributions:\r\nUbuntu-24.04 (Default)\r\ndocker-desktop\r\n\u0000done',
			parse: 'repaired',
		});
	});

	it('that PowerShell took apart at its line breaks is found too', () => {
		const fields = parse(`${utf16('one')}\r\n\u0000\r\n\u0000${utf16('two')}\r\n\u0000\r\n`);
		expect(fields.output).toBe('one\r\n\r\ntwo');
	});

	it('of standard error is found too', () => {
		const fields = parseTranscriptText(
			JSON.stringify({ script_output: '', script_errors: utf16('Access is denied.\r\n') }),
			{ rawOutput: false, parseOutputAsJson: false },
		).fields;
		expect(fields).toMatchObject({ error: 'Access is denied.', parse: 'repaired' });
	});

	it('stays as it is with Raw Output', () => {
		const output = utf16('Ubuntu\r\n');
		expect(parse(output, { rawOutput: true })).toMatchObject({ output, parse: 'strict' });
	});

	it.each(['key\u0000value', 'key\u0000value\u0000\nx', 'a\u0000\u0000b\u0000\nx', '\u0000\nx'])(
		'is not seen in %j',
		(output) => {
			expect(parse(output)).toMatchObject({ output, parse: 'strict' });
		},
	);
});
