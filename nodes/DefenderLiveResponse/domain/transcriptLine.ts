/**
 * PowerShell's own first line, which names the transcript file. The sentence is in the language of
 * the device's Windows, so the line is known by the path in it.
 */

const LONGEST_LINE = 4096;
const DRIVE = /[A-Za-z]:\\/;
const FILE = 'PSScript_Transcript_{';
const ENDING = '}.txt';

/**
 * The path, and the output after that line; null and the whole output when it has no such line.
 * Searched for from fixed points rather than with one pattern, which a device could make slow.
 */
export function splitTranscriptLine(output: string): {
	transcriptPath: string | null;
	rest: string;
} {
	const nothing = { transcriptPath: null, rest: output };
	const head = output.slice(0, LONGEST_LINE + 2);
	const lineEnd = /\r\n|\n|\r/.exec(head);
	if (lineEnd === null && head.length > LONGEST_LINE) return nothing;

	const line = withoutBlanks(lineEnd === null ? head : head.slice(0, lineEnd.index));
	if (!line.endsWith(ENDING)) return nothing;
	const file = line.lastIndexOf(FILE);
	const drive = DRIVE.exec(line);
	if (file < 0 || drive === null || drive.index > file) return nothing;
	if (line.indexOf('}', file) !== line.length - ENDING.length) return nothing;
	return {
		transcriptPath: line.slice(drive.index),
		rest: lineEnd === null ? '' : output.slice(lineEnd.index + lineEnd[0].length),
	};
}

/** Without spaces and control characters at the end. */
function withoutBlanks(line: string): string {
	let end = line.length;
	while (end > 0) {
		const unit = line.charCodeAt(end - 1);
		if (unit > 0x20 && !(unit >= 0x7f && unit <= 0x9f)) break;
		end--;
	}
	return line.slice(0, end);
}
