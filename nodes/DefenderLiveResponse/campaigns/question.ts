/** What a campaign asks its devices: the script fields, of each item where the items name the devices. */
import { comment } from '../descriptions/liveResponse';
import { scriptArguments, scriptLocator } from '../descriptions/script';
import { buildCommands } from '../domain/commands';
import { valueLocatedBy } from '../inputs/locator';
import { itemInputs, type ItemInputs } from '../inputs/nodeContext';
import { fieldError } from '../inputs/rejection';
import { argumentsOf, textOf } from '../inputs/text';
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
	const built = buildCommands([
		{
			type: 'RunScript',
			scriptName: valueLocatedBy(context, scriptLocator),
			args: argumentsOf(context, scriptArguments),
		},
	]);
	switch (built.kind) {
		case 'commands':
			return { commands: built.commands, comment: textOf(context, comment) };
		case 'invalid':
			throw fieldError(context, built.message, { description: built.description });
	}
}
