/** Fields that say which script runs, and with what. */
import { createHash } from 'node:crypto';

import {
	encodeArgumentsOption,
	scriptArguments,
	scriptLocator,
	scriptSha256Option,
	scriptSource,
	scriptText,
	scriptType,
} from '../descriptions/script';
import { LARGEST_LIBRARY_FILE_BYTES } from '../domain/libraryFile';
import type { Script, TextScript } from '../domain/script';
import { keptFileName, scriptBytes, type ScriptType } from '../domain/scriptText';
import { choiceOf } from './choice';
import { givenFor, inOptions, isGiven, type Field } from './field';
import { valueLocatedBy } from './locator';
import type { ItemInputs } from './nodeContext';
import { nodeError } from './nodeErrors';
import { perRun } from './perRun';
import { fieldError, notA } from './rejection';
import { argumentsOf, textOf } from './text';

/** @param sha256Field where the hash of a library script is given */
export function scriptOf(
	context: ItemInputs,
	sha256Field: Field = inOptions(scriptSha256Option),
): Script {
	switch (choiceOf(context, scriptSource)) {
		case 'library':
			return {
				source: 'library',
				fileName: valueLocatedBy(context, scriptLocator),
				sha256: sha256Of(context, sha256Field),
			};
		case 'text':
			return textScriptOf(context);
	}
}

/** The arguments to call the script with, in one line, as 'Encode Arguments' has it. */
export function scriptArgumentsOf(context: ItemInputs, item: ItemInputs = context): string {
	const args = argumentsOf(context, scriptArguments);
	switch (choiceOf(item, inOptions(encodeArgumentsOption))) {
		case 'none':
			return args;
		case 'base64':
			return Buffer.from(args).toString('base64');
	}
}

/** No text is an expression: it is the same for all items of a run, which share what is made of it. */
const madeFor = perRun(() => new Map<string, TextScript>());

function textScriptOf(context: ItemInputs): TextScript {
	const type = choiceOf(context, scriptType);
	const text = fixedTextOf(context, type);
	const known = madeFor(context.functions);
	const name = `${type} ${text}`;
	const script = known.get(name) ?? scriptMadeOf(context, type, text);
	known.set(name, script);
	return script;
}

function scriptMadeOf(context: ItemInputs, type: ScriptType, text: string): TextScript {
	const content = scriptBytes(type, text);
	const { functions, itemIndex } = context;
	if (content.length > LARGEST_LIBRARY_FILE_BYTES) {
		throw nodeError(functions.getNode(), 'fileTooLarge', {
			message: "'Script Text' is larger than the 20 MB that the library takes",
			itemIndex,
			description: 'Let the script fetch its data from elsewhere.',
		});
	}
	const sha256 = createHash('sha256').update(content).digest('hex');
	return { source: 'text', fileName: keptFileName(type, sha256), content, sha256 };
}

/** As it stands in the workflow: with what items carry in it, whoever sends an alert could write scripts. */
function fixedTextOf(context: ItemInputs, type: ScriptType): string {
	const field = scriptText[type];
	if (isExpression(context.stored(field.name))) {
		throw fieldError(context, "'Script Text' is an expression, and only fixed text can run", {
			description:
				"Enter the script itself, which neither begins with an equals sign nor is {{ … }} as a whole. What differs between items goes through 'Arguments'.",
		});
	}
	const value = givenFor(context, field);
	if (!isGiven(value)) {
		throw fieldError(context, "'Script Text' is empty", {
			description: "Enter the script, or set 'Script Source' to Library.",
		});
	}
	if (typeof value === 'string') return value;
	throw notA(context, field, 'text', value, 'Enter the script itself.');
}

/** n8n takes the equals sign off an expression in a field that takes none, but for one of `$fromAI` alone. */
function isExpression(stored: unknown): boolean {
	if (typeof stored !== 'string') return false;
	const text = stored.trim();
	return stored.startsWith('=') || (text.startsWith('{{') && text.endsWith('}}'));
}

function sha256Of(context: ItemInputs, field: Field): string | null {
	const sha256 = textOf(context, field).toLowerCase();
	if (sha256 === '') return null;
	if (/^[0-9a-f]{64}$/.test(sha256)) return sha256;
	throw fieldError(context, "'Script SHA-256' is not a SHA-256 hash", {
		description:
			"It has 64 hexadecimal digits. 'Get Many' of the resource 'Library File' shows the hash of each file.",
	});
}
