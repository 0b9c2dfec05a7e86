/** What a campaign asks its devices: the script fields, of each item where the items name the devices. */
import { comment } from '../descriptions/liveResponse';
import { buildCommands } from '../domain/commands';
import { itemInputs, type ItemInputs } from '../inputs/nodeContext';
import { fieldError } from '../inputs/rejection';
import { scriptArgumentsOf, scriptOf } from '../inputs/script';
import { textOf } from '../inputs/text';
import { isForAllItems } from './campaignDevices';
import type { Question } from './startAttempt';

/** By item; all are read before any call. */
export function questionsOf(context: ItemInputs): (itemIndex: number) => Question {
	const { functions, itemIndex } = context;
	if (!isForAllItems(context)) {
		const question = questionOf(context);
		return () => question;
	}
	const questions = functions
		.getInputData()
		.map((_item, at) => questionOf(itemInputs(functions, at, context.hint)));
	return (at) => questions[at] ?? questions[itemIndex];
}

function questionOf(context: ItemInputs): Question {
	const script = scriptOf(context);
	const { fileName: scriptName } = script;
	const built = buildCommands([
		{ type: 'RunScript', scriptName, args: scriptArgumentsOf(context) },
	]);
	switch (built.kind) {
		case 'commands':
			return { script, commands: built.commands, comment: textOf(context, comment) };
		case 'invalid':
			throw fieldError(context, built.message, { description: built.description });
	}
}
