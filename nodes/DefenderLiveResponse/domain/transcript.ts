/**
 * The transcript of a RunScript command: a JSON object written on the device.
 *
 * https://learn.microsoft.com/en-us/defender-endpoint/api/get-live-response-result
 *
 * The file comes from a machine that may be in an attacker's hands. Whatever it holds, it ends in
 * `strict`, `repaired` or `raw`, and no part of it is thrown away.
 */
import { readDeviceObject } from './deviceObject';
import { decodeResultText, guessedUtf16Text, withoutByteOrderMark } from './resultText';
import {
	haveRoom,
	isTranscript,
	transcriptFields,
	type TranscriptFields,
	type TranscriptOptions,
} from './transcriptFields';

export interface Transcript {
	fields: TranscriptFields;
	/** What the fields cannot say, so that the file has to come along; null when they say all. */
	unsaid: Unsaid | null;
}

/** Bytes that are no text, more than the fields have room for, or more values than are parsed. */
export type Unsaid = 'bytes' | 'members' | 'values';

export function parseTranscript(file: Buffer, options: TranscriptOptions): Transcript {
	const guess = guessedUtf16Text(file);
	const guessed = guess === null ? null : findTranscript(guess.text, 'repaired', options);
	if (guessed) return withBytes(guessed, guess?.exact ?? true);

	const decoded = decodeResultText(file);
	switch (decoded.kind) {
		case 'binary':
			return { fields: UNREAD, unsaid: 'bytes' };
		case 'text': {
			const parse = decoded.repaired ? 'repaired' : 'strict';
			const found = findTranscript(decoded.text, parse, options);
			const raw = { ...UNREAD, output: decoded.readable ? decoded.text : null };
			return withBytes(found ?? { fields: raw, unsaid: null }, decoded.exact);
		}
	}
}

/** The same for text that is already decoded, such as a field of an earlier node. */
export function parseTranscriptText(text: string, options: TranscriptOptions): Transcript {
	const plain = withoutByteOrderMark(text);
	return (
		findTranscript(plain, 'strict', options) ?? {
			fields: { ...UNREAD, output: plain },
			unsaid: null,
		}
	);
}

const withBytes = (found: Transcript, isExact: boolean): Transcript => ({
	...found,
	unsaid: isExact ? found.unsaid : 'bytes',
});

/** Of a file that is no transcript, or is not read as one. */
export const UNREAD = {
	script_name: null,
	exit_code: null,
	output: null,
	error: null,
	transcript_path: null,
	parse: 'raw',
} as const satisfies TranscriptFields;

const BEHIND = { nothing: /^[ \t\r\n]*$/, padding: /^[ \t\r\n\0]*$/ };

/** Null when the text is no transcript. */
function findTranscript(
	text: string,
	parse: 'strict' | 'repaired',
	options: TranscriptOptions,
): Transcript | null {
	const found = readDeviceObject(text);
	switch (found.kind) {
		case 'none':
			return null;
		case 'tooMany':
			return { fields: { ...UNREAD, output: text }, unsaid: 'values' };
		case 'object': {
			const values = new Map(found.members.map(({ key, value }) => [key, value]));
			if (!isTranscript(values)) return null;
			const behind = text.slice(found.end);
			const isSound = !found.isRepaired && BEHIND.nothing.test(behind);
			const isComplete =
				values.size === found.members.length && haveRoom(values) && BEHIND.padding.test(behind);
			return {
				fields: transcriptFields(values, isSound ? parse : 'repaired', options),
				unsaid: isComplete ? null : 'members',
			};
		}
	}
}
