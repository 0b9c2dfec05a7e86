/** The text of a script is what the workflow holds, in every version of n8n: never what an item brings. */
import type { IExecuteFunctions } from 'n8n-workflow';

import { entriesOf } from '../../../nodes/DefenderLiveResponse/inputs/entries';
import { itemInputs } from '../../../nodes/DefenderLiveResponse/inputs/nodeContext';
import { scriptOf } from '../../../nodes/DefenderLiveResponse/inputs/script';
import { someNode } from '../../support/expressions.mts';

/** A node whose fields have these values, and are stored as these. */
const inputs = (given: Record<string, unknown>, stored: Record<string, unknown>) =>
	itemInputs(
		{
			getNode: () => someNode,
			getNodeParameter: (
				name: string,
				_itemIndex: number,
				fallback: unknown,
				options?: { rawExpressions?: boolean },
			) => (options?.rawExpressions ? stored : given)[name] ?? fallback,
		} as unknown as IExecuteFunctions,
		0,
	);

const text = (scriptText: string) => ({ scriptSource: 'text', scriptType: 'bash', scriptText });
const commands = (command: unknown) => ({ commands: { command } });
const TEXT = 'uname -a';
const field = { name: 'commands', displayName: 'Commands', default: {} };

it('a text that the workflow holds is the script', () => {
	expect(scriptOf(inputs(text(TEXT), text(TEXT)))).toMatchObject({
		source: 'text',
		content: Buffer.from(TEXT),
	});
});

it.each([
	'={{ $json.script }}',
	'=uname {{ $json.flag }}',
	"={{ $fromAI('script') }}",
	// As n8n gives it for a field that takes no expression.
	'{{ $json.script }}',
	' {{ $json.first }} {{ $json.second }}\n',
])('a text that an expression gives is none: %s', (stored) => {
	const given = inputs(text(TEXT), text(stored));
	expect(() => scriptOf(given)).toThrow(
		"'Script Text' is an expression, and only fixed text can run",
	);
});

it('the items of a run share what is made of a text', () => {
	const { functions } = inputs(text(TEXT), text(TEXT));
	const [first, second] = [0, 1].map((at) => scriptOf(itemInputs(functions, at)));
	expect(second).toBe(first);
});

it('the same text for either type is two scripts', () => {
	const command = ['bash', 'powershell', 'bash'].map((scriptType) => ({
		...text(TEXT),
		scriptType,
	}));
	const context = inputs(commands(command), commands(command));
	const names = entriesOf(context, field, 'command').map((entry) => scriptOf(entry).fileName);
	expect(names.map((name) => name.split('.').at(-1))).toEqual(['sh', 'ps1', 'sh']);
});

const EXPRESSION = '={{ $json.commands }}';

it.each([
	['its entry', commands([text('={{ $json.script }}')])],
	['another entry', commands([text(TEXT), text('={{ $json.script }}')])],
	['an entry as a whole', commands([EXPRESSION])],
	['the list', commands(EXPRESSION)],
	['the field', { commands: EXPRESSION }],
])('a text in a list of commands is none where %s is an expression', (_what, stored) => {
	const count = _what === 'another entry' ? 2 : 1;
	const context = inputs(commands(Array(count).fill(text(TEXT))), stored);
	const entries = entriesOf(context, field, 'command');
	expect(() => entries.forEach((entry) => scriptOf(entry))).toThrow(
		"'Script Text' is an expression, and only fixed text can run",
	);
});
