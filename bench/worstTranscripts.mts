/** The transcripts that were found to take longest for their size: what a device could send on purpose. */

const repeated = (piece: string, size: number): string =>
	piece.repeat(Math.floor(size / piece.length));
const transcriptOf = (output: string): string => `{"script_output":"${output}","exit_code":0}`;
const controls = Array.from({ length: 32 }, (_, unit) => String.fromCharCode(unit));

interface WorstTranscript {
	readonly what: string;
	readonly file: (size: number) => Buffer;
}

const worst = (what: string, file: (size: number) => string): WorstTranscript => ({
	what,
	file: (size) => Buffer.from(file(size), 'latin1'),
});

export const worstTranscripts: readonly WorstTranscript[] = [
	worst('lists in lists', (size) => {
		const depth = Math.floor(size / 8);
		return `{"script_output":${'['.repeat(depth)}"aaa"${',""]'.repeat(depth)}}`;
	}),
	worst('values', (size) => `{"script_output":"x","z":[${repeated('{},', size)}1]}`),
	worst('keys', (size) => {
		const members = Array.from({ length: Math.floor(size / 16) }, (_, at) => `,"k${at}":1`);
		return `{"script_output":"x"${members.join('')}}`;
	}),
	worst('escaped quotes', (size) => transcriptOf(repeated('\\"', size))),
	worst('escaped quotes, raw lines', (size) => transcriptOf(repeated('\\"\n', size))),
	worst('backslashes', (size) => transcriptOf(repeated('\\\\', size))),
	worst('raw controls of all kinds', (size) =>
		transcriptOf(repeated(`${controls.join('\\n')}`, size)),
	),
	worst('raw controls', (size) => transcriptOf(repeated(`\\n${controls.join('')}`, size))),
	worst('NULs behind each character', (size) => transcriptOf(repeated('a\0', size))),
	worst('short lines with such NULs', (size) => transcriptOf(repeated('a\0\nbc\n', size))),
	worst('bytes that are no text', (size) => transcriptOf(repeated('\xff', size))),
];
