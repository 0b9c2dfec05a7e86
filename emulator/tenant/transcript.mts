import type { Platform } from './device.mts';

const folder =
	'C:\\ProgramData\\Microsoft\\Windows Defender Advanced Threat Protection\\Temp\\PSScriptOutputs';

export interface TranscriptContent {
	scriptName: string;
	exitCode: number;
	output: string;
	errors: string;
}

/**
 * The result file of RunScript. On Windows PowerShell's line about its transcript stands first and a NUL last;
 * the file is one line of ASCII JSON as Python's `json.dumps` writes it.
 */
export function transcriptFile(
	content: TranscriptContent,
	platform: Platform,
	transcriptId: string,
): Buffer {
	const path = `${folder}\\PSScript_Transcript_{${transcriptId.toUpperCase()}}.txt`;
	const output =
		platform === 'windows'
			? `Transcript started, output file is ${path}\n${content.output}\0`
			: content.output;
	return Buffer.from(
		`{"script_name": ${asciiJson(content.scriptName)}, "exit_code": ${content.exitCode}, ` +
			`"script_output": ${asciiJson(output)}, "script_errors": ${asciiJson(content.errors)}}`,
		'ascii',
	);
}

/** A JSON string with everything outside ASCII written as Python does. */
export function asciiJson(text: string): string {
	return JSON.stringify(text).replace(
		/[\u0080-\uffff]/g,
		(unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
	);
}

/**
 * The result file as Microsoft's page shows it: indented by hand, a raw line feed inside a string (so it is not
 * valid JSON), three NULs and the key `script_error`.
 */
export function documentationSample(content: TranscriptContent, transcriptId: string): Buffer {
	const path = `${folder}\\PSScript_Transcript_{${transcriptId.toUpperCase()}}.txt`;
	const firstLine = asciiJson(`Transcript started, output file is ${path}`).slice(0, -1);
	const rest = asciiJson(`${content.output}\0\0\0`).slice(1);
	return Buffer.from(
		`{ "script_name": ${asciiJson(content.scriptName)}, "exit_code": ${content.exitCode},\n` +
			`  "script_output": ${firstLine}\n${rest},\n` +
			`  "script_error":${asciiJson(content.errors)} }`,
		'ascii',
	);
}
