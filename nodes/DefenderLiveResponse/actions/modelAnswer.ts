/** What a language model gets when the node is a tool of an AI agent. */
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { N8nError } from './n8nError';

/**
 * n8n hands a tool's items to the model whole, as JSON, and does not bound them; a transcript may
 * have 64 MB. This is about 5,000 tokens, and more than a model should need of one script.
 */
export const MOST_CHARACTERS = 20_000;

export const CUT_HINT =
	'Texts were cut to 20,000 characters for the language model. Outside an agent the node gives them whole.';

/** All items together, as JSON: a list of devices must not fill what the model can read. */
const MOST_CHARACTERS_IN_ALL = 100_000;

export const FEWER_ITEMS_HINT =
	'Items were left out for the language model, which gets 100,000 characters at most. Outside an agent the node gives all of them.';

/**
 * Whether a language model reads what the node gives. n8n says so where it calls the node as a tool
 * itself; agents from version 3 on run it like any node, of a type with this at the end of its name.
 */
export function answersModel(functions: ToolCall): boolean {
	return functions.isToolExecution?.() === true || functions.getNode().type.endsWith('Tool');
}

/** n8n 1 has no such function. */
type ToolCall = Pick<IExecuteFunctions, 'getNode'> &
	Partial<Pick<IExecuteFunctions, 'isToolExecution'>>;

/**
 * What happened and what to do: n8n hands nothing but the message of an error to the model. The
 * description stays word for word: n8n adds one that it does not find in the message.
 */
export function messageForModel({ message, description }: N8nError): string {
	return description && !message.includes(description) ? `${message}. ${description}` : message;
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

/**
 * The first items, as many as fit, and a last one that says to the model how many there are; null
 * when all of them fit.
 */
export function fewerForModel(items: INodeExecutionData[]): INodeExecutionData[] | null {
	let characters = 0;
	const fitting = items.findIndex(({ json }) => {
		characters += JSON.stringify(json).length;
		return characters > MOST_CHARACTERS_IN_ALL;
	});
	if (fitting < 0) return null;
	const kept = items.slice(0, Math.max(1, fitting));
	if (kept.length === items.length) return null;
	const note = `Only the first ${kept.length} of ${items.length} items are shown. Ask for fewer, or filter them.`;
	return [...kept, { json: { note }, pairedItem: items[kept.length].pairedItem }];
}

function cut(text: string): string {
	if (text.length <= MOST_CHARACTERS) return text;
	// Not between the halves of a character.
	const kept = text.slice(0, MOST_CHARACTERS).replace(/[\uD800-\uDBFF]$/, '');
	return `${kept}\n[Cut: ${kept.length} of ${text.length} characters. Run the script so that it says less.]`;
}
