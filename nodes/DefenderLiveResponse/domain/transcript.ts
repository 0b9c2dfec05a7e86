/**
 * The transcript of a RunScript command: a JSON object written on the device.
 *
 * https://learn.microsoft.com/en-us/defender-endpoint/api/get-live-response-result
 *
 * The file comes from a machine that may be in an attacker's hands. Whatever it holds, it ends in
 * `strict`, `repaired` or `raw`, and no part of it is thrown away.
 */
import { repairJson } from './jsonRepair';
import { jsonOfDevice } from './outputJson';
import { decodeResultText, guessedUtf16Text } from './resultText';
import { splitTranscriptLine } from './transcriptLine';

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
	const guess = guessedUtf16Text(file);
	const guessed = guess === null ? null : findTranscript(guess, 'repaired', options);
	if (guessed) return guessed;

	const decoded = decodeResultText(file);
	switch (decoded.kind) {
		case 'binary':
			return { ...NOTHING, output: null };
		case 'text':
			return (
				findTranscript(decoded.text, decoded.repaired ? 'repaired' : 'strict', options) ?? {
					...NOTHING,
					output: decoded.readable ? decoded.text : null,
				}
			);
	}
}

/** The same for text that is already decoded, such as a field of an earlier node. */
export function parseTranscriptText(text: string, options: TranscriptOptions): TranscriptFields {
	return findTranscript(text, 'strict', options) ?? { ...NOTHING, output: text };
}

const NOTHING = {
	script_name: null,
	exit_code: null,
	error: null,
	transcript_path: null,
	parse: 'raw',
} as const;

/** As JSON.parse makes it: what it inherits has none of the names read here. */
type JsonObject = Record<string, unknown>;

/** A device writes its transcript as one line, so a file of several is taken for damaged first. */
function findTranscript(
	text: string,
	parse: 'strict' | 'repaired',
	options: TranscriptOptions,
): TranscriptFields | null {
	const asItIs = text.includes('\n') ? null : readTranscript(text, parse, options);
	if (asItIs) return asItIs;
	const repaired = repairJson(text);
	if (repaired === null) return null;
	return readTranscript(repaired, isAllOf(text, repaired) ? parse : 'repaired', options);
}

/** Whether there was nothing to repair: only JSON's own blanks stand behind the value. */
function isAllOf(text: string, value: string): boolean {
	return text.startsWith(value) && /^[ \t\r\n]*$/.test(text.slice(value.length));
}

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
	const { script_output, exit_code, script_name, script_errors, script_error } =
		value as JsonObject;
	if (script_output !== undefined) return true;
	const others = [script_name, script_errors, script_error];
	return exit_code !== undefined && others.some((other) => other !== undefined);
}

function fields(
	transcript: JsonObject,
	parse: 'strict' | 'repaired',
	options: TranscriptOptions,
): TranscriptFields {
	const written = asText(transcript.script_output);
	const { transcriptPath, rest } = splitTranscriptLine(written);
	const output = withoutTail(rest);
	const error = asText(transcript.script_errors) || asText(transcript.script_error);
	const shownError = withoutTail(error);
	const parsedOutput = options.parseOutputAsJson ? jsonOfDevice(output) : undefined;

	return {
		script_name: asName(transcript.script_name) ?? asName(transcript.name),
		exit_code: asExitCode(transcript.exit_code),
		output: options.rawOutput ? written : output,
		error: shownError === '' ? null : options.rawOutput ? error : shownError,
		transcript_path: transcriptPath,
		parse,
		...(parsedOutput === undefined ? {} : { output_json: parsedOutput }),
	};
}

/** Lists are taken for lines; what is no text is shown as JSON. */
function asText(value: unknown): string {
	if (typeof value === 'string') return value;
	if (value === undefined || value === null) return '';
	if (Array.isArray(value)) return value.map(asText).join('\n');
	return JSON.stringify(value);
}

const asName = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);

/** A whole number that JavaScript holds exactly, also when it was written as text. */
function asExitCode(value: unknown): number | null {
	const number =
		typeof value === 'string' && /^\s*-?\d{1,16}\s*$/.test(value) ? Number(value) : value;
	// Adding 0 turns -0 into 0.
	return Number.isSafeInteger(number) ? (number as number) + 0 : null;
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
