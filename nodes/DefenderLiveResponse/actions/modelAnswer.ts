/** What a language model gets when the node is a tool of an AI agent. */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

/**
 * n8n hands a tool's items to the model whole, as JSON, and does not bound them; a transcript may
 * have 64 MB. This is about 5,000 tokens, and more than a model should need of one script.
 */
export const MOST_CHARACTERS = 20_000;

export const CUT_HINT =
	'Texts were cut to 20,000 characters for the language model. Outside an agent the node gives them whole.';

/** n8n names the type of a node that is used as a tool after the node, with this at its end. */
export function answersModel(functions: IExecuteFunctions): boolean {
	return functions.getNode().type.endsWith('Tool');
}

/**
 * The item with its long texts cut, each with a last line that says so; null when nothing is too
 * long. A long `output_json` goes: what it holds is in `output`.
 */
export function cutForModel(json: IDataObject): IDataObject | null {
	const entries = Object.entries(json).map(([name, value]): [string, IDataObject[string]] => {
		if (typeof value === 'string') return [name, cut(value)];
		if (name !== 'output_json' || JSON.stringify(value ?? null).length <= MOST_CHARACTERS) {
			return [name, value];
		}
		return [name, null];
	});
	return entries.some(([name, value]) => value !== json[name]) ? Object.fromEntries(entries) : null;
}

function cut(text: string): string {
	if (text.length <= MOST_CHARACTERS) return text;
	// Not between the halves of a character.
	const kept = text.slice(0, MOST_CHARACTERS).replace(/[\uD800-\uDBFF]$/, '');
	return `${kept}\n[Cut: ${kept.length} of ${text.length} characters. Run the script so that it says less.]`;
}
