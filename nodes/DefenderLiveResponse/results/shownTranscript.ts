/** What of a transcript an item shows, and whether its file has to come along. */
import { LARGEST_TRANSCRIPT_MB } from '../domain/fileSize';
import { UNREAD, type Transcript, type Unsaid } from '../domain/transcript';
import type { TranscriptFields } from '../domain/transcriptFields';
import type { NodeContext } from '../inputs/nodeContext';
import { heldFields } from './heldText';

const RAW_HINT =
	"A result was not a script transcript. Its text is in 'output' as it arrived, with parse: raw";

const UNSAID_HINTS: Record<Unsaid, string> = {
	bytes:
		'A result contains bytes that are not valid text, shown as \ufffd; the file is attached as it arrived',
	members:
		'A transcript contains more than its fields can show, such as text after it or a key that occurs twice; the file is attached as it arrived',
	values:
		'A result contains more values than are parsed, so it is returned with parse: raw; the file is attached as it arrived',
};

const HELD_HINT =
	'The transcripts of this run are larger than n8n can store with an execution: the output of the last ones is null, and it is in the attached file';

/** `bytes` is the size of the transcript. */
export function shownTranscript(
	context: NodeContext,
	{ fields, unsaid }: Transcript,
	bytes: number,
): { fields: TranscriptFields; needsFile: boolean } {
	const held = heldFields(context, fields, bytes);
	const isUnreadable = fields.parse === 'raw' && fields.output === null;
	if (unsaid !== null && !isUnreadable) context.hint(UNSAID_HINTS[unsaid]);
	if (fields.parse === 'raw' && unsaid !== 'values') context.hint(RAW_HINT);
	if (!held.isWhole) context.hint(HELD_HINT);
	return { fields: held.fields, needsFile: unsaid !== null || !held.isWhole };
}

const LARGE_HINT = `A transcript is larger than ${LARGEST_TRANSCRIPT_MB} MB and is returned as a file, with parse: raw`;

/** What is shown of one that is not read into memory, because of its size. */
export function largeTranscript(context: NodeContext): TranscriptFields {
	context.hint(LARGE_HINT);
	return UNREAD;
}
