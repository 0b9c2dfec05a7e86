/** The members of a transcript, under whatever names the API had for them, as the fields of an item. */
import type { MemberValue } from './deviceObject';
import { jsonOfDevice } from './outputJson';
import { splitTranscriptLine } from './transcriptLine';
import { withoutUtf16Nuls } from './utf16Output';

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

/** By key; of two members with one key the last counts, as for JSON.parse. */
export type MemberValues = ReadonlyMap<string, MemberValue>;

/** Whether these are members of a transcript and not of any JSON, such as a fetched file. */
export function isTranscript(values: MemberValues): boolean {
	if (values.has('script_output')) return true;
	const others = ['script_name', 'script_errors', 'script_error'];
	return values.has('exit_code') && others.some((key) => values.has(key));
}

export function transcriptFields(
	values: MemberValues,
	parse: 'strict' | 'repaired',
	options: TranscriptOptions,
): TranscriptFields {
	const written = asText(values.get('script_output'));
	const output = shown(written);
	const error = shown(
		joined(asText(values.get('script_errors')), asText(values.get('script_error'))),
	);
	const { transcriptPath, rest } = splitTranscriptLine(output.text);
	const parsedOutput = options.parseOutputAsJson ? jsonOfDevice(rest) : undefined;
	const isChanged = !options.rawOutput && (output.isChanged || error.isChanged);

	return {
		script_name: asName(values.get('script_name')) ?? asName(values.get('name')),
		exit_code: asExitCode(values.get('exit_code')),
		output: options.rawOutput ? written : rest,
		error: error.text === '' ? null : options.rawOutput ? error.written : error.text,
		transcript_path: transcriptPath,
		parse: isChanged ? 'repaired' : parse,
		...(parsedOutput === undefined ? {} : { output_json: parsedOutput }),
	};
}

/** Whether the fields have room for every member. */
export function haveRoom(values: MemberValues): boolean {
	for (const key of values.keys()) if (!hasRoom(key, values)) return false;
	return true;
}

function hasRoom(key: string, values: MemberValues): boolean {
	const value = values.get(key);
	switch (key) {
		case 'script_output':
		case 'script_errors':
		case 'script_error':
			return true;
		case 'script_name':
			return isNothing(value) || asName(value) !== null;
		case 'name': {
			const name = asName(values.get('script_name'));
			return (
				isNothing(value) || (asName(value) !== null && (name ?? asName(value)) === asName(value))
			);
		}
		case 'exit_code':
			return isNothing(value) || asExitCode(value) !== null;
		default:
			return false;
	}
}

const isNothing = (value: MemberValue | undefined): boolean =>
	value?.kind === 'text' ? value.text === '' : value === undefined || value.value === null;

/** A flat list of texts is taken for lines; what else is no text is shown as the device wrote it. */
function asText(member: MemberValue | undefined): string {
	if (member === undefined) return '';
	if (member.kind === 'text') return member.text;
	const { value, json } = member;
	if (value === null) return '';
	const isLines = Array.isArray(value) && value.every((line) => typeof line === 'string');
	return isLines ? value.join('\n') : json;
}

function joined(first: string, second: string): string {
	const above = withoutTail(first);
	if (withoutTail(second) === '' || first === second) return first;
	return above === '' ? second : `${above}\n${second}`;
}

/** A text as it is shown: without its tail, and without the NULs of UTF-16. */
function shown(written: string): { written: string; text: string; isChanged: boolean } {
	const body = withoutTail(written);
	const text = withoutUtf16Nuls(body);
	return { written, text, isChanged: text !== body };
}

const asName = (member: MemberValue | undefined): string | null =>
	member?.kind === 'text' && member.text !== '' ? member.text : null;

/** A whole number that JavaScript holds exactly, also when it was written as text. */
function asExitCode(member: MemberValue | undefined): number | null {
	if (member === undefined) return null;
	const value = member.kind === 'other' ? member.value : numberIn(member.text);
	// Adding 0 turns -0 into 0.
	return Number.isSafeInteger(value) ? (value as number) + 0 : null;
}

const numberIn = (text: string): number | null =>
	/^\s*-?\d{1,16}\s*$/.test(text) ? Number(text) : null;

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
