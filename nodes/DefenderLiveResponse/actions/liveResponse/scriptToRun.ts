import type { Script } from '../../domain/script';
import type { Field } from '../../inputs/field';
import type { ItemInputs } from '../../inputs/nodeContext';
import { fieldError } from '../../inputs/rejection';
import { scriptOf } from '../../inputs/script';
import { answersModel } from '../modelAnswer';

/** The script that the fields name, which is no text where an agent calls. */
export function scriptToRun(context: ItemInputs, sha256Field?: Field): Script {
	const script = scriptOf(context, sha256Field);
	if (script.source === 'library' || !answersModel(context.functions)) return script;
	throw fieldError(context, "As an agent's tool, the node runs only scripts from the library", {
		description:
			"Add the script to the library and set 'Script Source' to Library, or let the agent call a workflow that runs the text.",
	});
}
