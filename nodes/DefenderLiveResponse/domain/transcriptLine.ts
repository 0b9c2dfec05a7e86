/**
 * PowerShell's own first line, which names the transcript file. The sentence is in the language of
 * the device's Windows, so the line is known by the path in it: that of a file which Defender has
 * PowerShell write. Some languages put it in quotes, or go on behind it.
 */

const LONGEST_LINE = 1024;
/** A sentence; more is something that a script says. */
const MOST_BEFORE = 200;
const MOST_BEHIND = 40;

const FOLDER = '\\Windows Defender Advanced Threat Protection\\';
const FILE = '\\PSScript_Transcript_{';
const ENDING = '}.txt';
const ID = /^[\w-]{1,64}$/;

const FIRST_LINE = /^[ \t\r\n]*/;
const LINE_BREAK = /\r\n|\n|\r/;

/**
 * The path, and the output after that line; null and the whole output when it has no such line.
 * Searched for from fixed points rather than with one pattern, which a device could make slow.
 */
export function splitTranscriptLine(output: string): {
	transcriptPath: string | null;
	rest: string;
} {
	const head = output.slice(0, LONGEST_LINE);
	const start = FIRST_LINE.exec(head)?.[0].length ?? 0;
	const lineBreak = LINE_BREAK.exec(head.slice(start));
	const isCutOff = lineBreak === null && output.length > head.length;
	const line = lineBreak === null ? head.slice(start) : head.slice(start, start + lineBreak.index);
	const transcriptPath = isCutOff ? null : pathIn(line);
	if (transcriptPath === null) return { transcriptPath, rest: output };
	const end = lineBreak === null ? head.length : start + lineBreak.index + lineBreak[0].length;
	return { transcriptPath, rest: output.slice(end) };
}

function pathIn(line: string): string | null {
	const file = line.indexOf(FILE);
	const end = line.indexOf(ENDING, file);
	if (file < 0 || end < 0 || !ID.test(line.slice(file + FILE.length, end))) return null;
	const drive = line.lastIndexOf(':\\', file) - 1;
	const before = line.slice(0, Math.max(0, drive));
	const path = line.slice(before.length, end + ENDING.length);
	const isItsOwn =
		/^[A-Za-z]:\\/.test(path) &&
		path.includes(FOLDER) &&
		before.length <= MOST_BEFORE &&
		line.length - end - ENDING.length <= MOST_BEHIND;
	return isItsOwn ? path : null;
}
