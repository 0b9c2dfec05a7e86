/**
 * How much text the transcripts of one node run hold together. n8n stores an execution as one JSON
 * text, and JavaScript has no text of more than 512 Mi characters: an execution beyond that is lost.
 */
import { MEGABYTE } from '../domain/fileSize';
import type { TranscriptFields } from '../domain/transcriptFields';
import type { NodeContext } from '../inputs/nodeContext';
import { perRun } from '../inputs/perRun';

const MOST_HELD = 256 * MEGABYTE;
/** A control character as JSON, such as \u0000. */
const LONGEST_ESCAPE = 6;
/** How much longer parsed JSON is in n8n's store than the text it came from. */
const PARSED = 3;
const SHORT_TEXT = 1000;

/** What the items of a run hold, through all tries of it. */
class HeldText {
	private readonly items = new Map<number | undefined, { byTry: object; length: number }>();
	private length = 0;

	/** False, and nothing is added, when that would be too much. What an earlier try of the item held is gone. */
	add({ functions, itemIndex }: Holder, length: number): boolean {
		const known = this.items.get(itemIndex);
		const ofItem = known?.byTry === functions ? known.length : 0;
		this.length += ofItem - (known?.length ?? 0);
		const fits = this.length + length <= MOST_HELD;
		const added = fits ? length : 0;
		this.length += added;
		this.items.set(itemIndex, { byTry: functions, length: ofItem + added });
		return fits;
	}
}

type Holder = Pick<NodeContext, 'functions' | 'itemIndex'>;

const heldIn = perRun(() => new HeldText());

/** n8n gives all polls of a trigger the same functions; the inputs are those of one poll. */
const heldBy = (holder: Holder) => heldIn(holder.functions.getExecuteData?.() ?? holder);

/**
 * The fields of a transcript whose file has so many bytes. When the run holds too much already, its
 * long texts are left out (null), and `isWhole` is false: they are for the file to say.
 */
export function heldFields(
	holder: Holder,
	fields: TranscriptFields,
	bytes: number,
): { fields: TranscriptFields; isWhole: boolean } {
	if (heldBy(holder).add(holder, lengthAsJson(fields, bytes))) return { fields, isWhole: true };
	const left = { ...fields, output: short(fields.output), error: short(fields.error) };
	delete left.output_json;
	return { fields: left, isWhole: false };
}

/** At most: a file that was read strictly is JSON itself. */
function lengthAsJson({ parse, output_json }: TranscriptFields, bytes: number): number {
	return (
		bytes * ((parse === 'strict' ? 1 : LONGEST_ESCAPE) + (output_json === undefined ? 0 : PARSED))
	);
}

const short = (text: string | null): string | null =>
	text !== null && text.length <= SHORT_TEXT ? text : null;
