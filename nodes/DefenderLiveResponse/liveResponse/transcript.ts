/**
 * The transcript of a RunScript command: a JSON object written on the device.
 *
 * https://learn.microsoft.com/en-us/defender-endpoint/api/get-live-response-result
 *
 * The file comes from a machine that may be in an attacker's hands. Whatever it holds, it ends in
 * `strict`, `repaired` or `raw`, and no part of it is thrown away.
 */
import { repairJson } from './jsonRepair';
import { decodeResultText } from './resultText';

export interface TranscriptOptions {
	/** Keep the "Transcript started" line, the trailing NULs and the line breaks at the end. */
	rawOutput: boolean;
	/** Add `output_json` when the output, as a whole, is JSON. */
	parseOutputAsJson: boolean;
}

/** The fields of a parsed transcript, named and ordered as they leave the node. */
export interface TranscriptFields {
	script_name: string | null;
	exit_code: number | null;
	/** Null only when the file is no text at all; the bytes are then kept as a file. */
	output: string | null;
	/** Standard error; null when it is empty, because n8n repeats a node whose item has `error: ""`. */
	error: string | null;
	transcript_path: string | null;
	parse: 'strict' | 'repaired' | 'raw';
	output_json?: unknown;
}

export function parseTranscript(file: Buffer, options: TranscriptOptions): TranscriptFields {
	const decoded = decodeResultText(file);
	switch (decoded.kind) {
		case 'binary':
			return { ...NOTHING, output: null };
		case 'text':
			return parseTranscriptText(decoded.text, options, decoded.repaired);
	}
}

/** The same for text that is already decoded, such as a field of an earlier node. */
export function parseTranscriptText(
	text: string,
	options: TranscriptOptions,
	encodingRepaired = false,
): TranscriptFields {
	const strict = readTranscript(text, encodingRepaired ? 'repaired' : 'strict', options);
	if (strict) return strict;

	const repairedText = repairJson(text);
	const repaired = repairedText === null ? null : readTranscript(repairedText, 'repaired', options);
	return repaired ?? { ...NOTHING, output: text };
}

const NOTHING = {
	script_name: null,
	exit_code: null,
	error: null,
	transcript_path: null,
	parse: 'raw',
} as const;

type JsonObject = Record<string, unknown>;

/** Null when the text is not JSON, or nested beyond what can be written out again. */
function readTranscript(
	text: string,
	parse: 'strict' | 'repaired',
	options: TranscriptOptions,
): TranscriptFields | null {
	try {
		const value: unknown = JSON.parse(text);
		return isTranscript(value) ? fields(value, parse, options) : null;
	} catch {
		return null;
	}
}

/** Whether the value is a transcript and not just any JSON, such as a fetched file. */
function isTranscript(value: unknown): value is JsonObject {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
	const has = (key: string) => Object.prototype.hasOwnProperty.call(value, key);
	const others = ['script_name', 'script_errors', 'script_error'];
	return has('script_output') || (has('exit_code') && others.some(has));
}

function fields(
	transcript: JsonObject,
	parse: 'strict' | 'repaired',
	options: TranscriptOptions,
): TranscriptFields {
	const own = (...keys: string[]) => {
		const key = keys.find((name) => Object.prototype.hasOwnProperty.call(transcript, name));
		return key === undefined ? undefined : transcript[key];
	};
	const written = asText(own('script_output'));
	const { transcriptPath, rest } = splitTranscriptLine(written);
	const output = withoutTail(rest);
	const error = asText(own('script_errors', 'script_error'));
	const parsedOutput = options.parseOutputAsJson ? outputJson(output) : undefined;

	return {
		script_name: asName(own('script_name', 'name')),
		exit_code: asExitCode(own('exit_code')),
		output: options.rawOutput ? written : output,
		error: withoutTail(error) === '' ? null : options.rawOutput ? error : withoutTail(error),
		transcript_path: transcriptPath,
		parse,
		...(parsedOutput === undefined ? {} : { output_json: parsedOutput }),
	};
}

function asText(value: unknown): string {
	if (typeof value === 'string') return value;
	if (value === undefined || value === null) return '';
	if (Array.isArray(value)) return value.map(asText).join('\n');
	return JSON.stringify(value);
}

const asName = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);

function asExitCode(value: unknown): number | null {
	const number =
		typeof value === 'string' && /^\s*-?\d{1,16}\s*$/.test(value) ? Number(value) : value;
	return Number.isSafeInteger(number) ? (number as number) : null;
}

const LONGEST_FIRST_LINE = 4096;

/**
 * PowerShell's own first line names the transcript file. The sentence is in the language of the
 * device's Windows, so the line is known by the path in it.
 */
const TRANSCRIPT_LINE =
	/^[^\r\n]*?([A-Za-z]:\\[^\r\n]*PSScript_Transcript_\{[^}\r\n]*\}\.txt)[ \t\p{Cc}]*?(?:\r\n|\n|\r|$)/u;

function splitTranscriptLine(output: string): { transcriptPath: string | null; rest: string } {
	const head = output.slice(0, LONGEST_FIRST_LINE);
	const match = TRANSCRIPT_LINE.exec(head);
	if (!match) return { transcriptPath: null, rest: output };
	return { transcriptPath: match[1], rest: output.slice(match[0].length) };
}

/** Without the NULs and line breaks at the end; a loop, since a pattern would not be linear. */
function withoutTail(text: string): string {
	let end = text.length;
	while (end > 0) {
		const unit = text.charCodeAt(end - 1);
		if (unit !== 0x00 && unit !== 0x0a && unit !== 0x0d) break;
		end--;
	}
	return text.slice(0, end);
}

function outputJson(output: string): unknown {
	try {
		return JSON.parse(output.charCodeAt(0) === 0xfeff ? output.slice(1) : output);
	} catch {
		return undefined;
	}
}
