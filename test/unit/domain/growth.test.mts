import { parseTranscript } from '../../../nodes/DefenderLiveResponse/domain/transcript';
import { leastProcessorMs } from '../../support/processorTime.mts';

const SIZE = 128 * 1024;
const FACTOR = 16;
/** Linear is 16, quadratic 256; the rest is for a busy machine. */
const MOST = 100;

const transcriptOf = (output: string) => `{"script_output": "${output}", "exit_code": 0}`;
const filled = (pattern: string, size: number) =>
	pattern.repeat(Math.ceil(size / pattern.length)).slice(0, size);

/** As a device could write them, each deeper: `[[["aaa",""],""],""]`. */
const nested = (depth: number) => `${'['.repeat(depth)}"aaa"${',""]'.repeat(depth)}`;
const members = (count: number) =>
	Array.from({ length: count }, (_, at) => `,"${at.toString(36).padStart(6, 'k')}":""`).join('');
const CONTROLS = Array.from({ length: 32 }, (_, unit) => `\\n${String.fromCharCode(unit)}`).join(
	'',
);

const attacks: Array<[what: string, file: (size: number) => string]> = [
	['escaped line breaks', (size) => transcriptOf(filled('\\n', size))],
	['raw line breaks', (size) => transcriptOf(filled('\n', size))],
	['backslashes', (size) => transcriptOf(filled('\\', size))],
	['quotes', (size) => filled('"', size)],
	['opening braces', (size) => filled('{"a":', size)],
	['braces that open and close', (size) => filled('[]', size)],
	[
		'beginnings of a transcript line',
		(size) => transcriptOf(filled('C:\\\\PSScript_Transcript_{', size)),
	],
	[
		'drives in the first line',
		(size) => transcriptOf(`${filled('C:\\\\', size)}PSScript_Transcript_{x`),
	],
	[
		'line breaks and NULs at the end',
		(size) => transcriptOf(filled('\\n\\u0000', size - (size % 8))),
	],
	['damaged characters', (size) => transcriptOf(filled('\xff', size))],
	['a file cut off in a string', (size) => transcriptOf(filled('a\n', size)).slice(0, -20)],
	['lists in lists', (size) => `{"script_output":${nested(Math.floor(size / 8))},"exit_code":0}`],
	[
		'values beside the output',
		(size) => `{"script_output":"x","exit_code":0,"z":[${filled('{},', size - (size % 3))}1]}`,
	],
	['members of many names', (size) => `{"script_output":"x"${members(Math.floor(size / 14))}}`],
	[
		'values that a script printed',
		(size) => transcriptOf(`[${filled('{},', size - (size % 3))}1]`),
	],
	['numbers', (size) => `{"script_output":"x","exit_code":${filled('1', size)}}`],
	['quotes of the output', (size) => transcriptOf(filled('\\"', size - (size % 2)))],
	['backslashes before quotes', (size) => transcriptOf(filled('\\\\\\"', size - (size % 4)))],
	[
		'strings of many quotes',
		(size) => `{${`"${'\\"'.repeat(40)}":1,`.repeat(Math.floor(size / 85))}"script_output":""}`,
	],
	['all control characters', (size) => transcriptOf(filled(CONTROLS, size))],
	['a file cut off behind quotes', (size) => transcriptOf(filled('\\"\n', size)).slice(0, -20)],
	['NULs behind each character', (size) => transcriptOf(filled('a\0', size))],
	['lines with NULs and without', (size) => transcriptOf(filled('a\0\nbc\n', size))],
	[
		'keys that are longer than the output',
		(size) => `{"${filled('k\n', size)}":1,"script_output":""}`,
	],
	['blanks', (size) => `{${filled(' \n', size)}"script_output":""}`],
	['keys', (size) => `{${filled('"script_output":"",', size - (size % 19))}"exit_code":0}`],
];

it.each(attacks)('the time for %s grows with the size, not faster', (_what, file) => {
	const options = { rawOutput: false, parseOutputAsJson: true };
	const time = (size: number, times: number) => {
		const bytes = Buffer.from(file(size), 'latin1');
		return leastProcessorMs(() => parseTranscript(bytes, options), times);
	};
	time(SIZE, 3);
	const small = Math.max(0.2, time(SIZE, 5));
	expect(time(SIZE * FACTOR, 3) / small).toBeLessThan(MOST);
});
