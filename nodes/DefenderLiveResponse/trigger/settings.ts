/** The fields of the trigger, read and checked before any call. */
import { decompressOption } from '../descriptions/options';
import {
	appName,
	COMMAND_TYPES,
	END_STATUSES,
	includeResults,
	startedBy,
	triggerFilters,
} from '../descriptions/trigger';
import { outputFieldOf } from '../inputs/binaryField';
import { booleanOf } from '../inputs/boolean';
import { choiceOf, choicesOf, listOf } from '../inputs/choice';
import { fieldNamed, inFilters, inOptions } from '../inputs/field';
import { machineParameter } from '../inputs/machineParameter';
import type { NodeContext } from '../inputs/nodeContext';
import { maxBytesOf, transcriptOptionsOf } from '../inputs/resultParameters';
import { isSimple } from '../inputs/simplified';
import { textOf } from '../inputs/text';
import type { ResultOptions } from '../results/resultItems';
import { LARGEST_TRANSCRIPT_MB } from '../domain/fileSize';
import type { MachineReference } from '../domain/machine';

export interface TriggerSettings {
	machine: MachineReference;
	scriptNames: string[];
	statuses: string[];
	commandTypes: string[];
	/** Its name may be empty; null for anyone. */
	startedBy: { appName: string } | null;
	/** What an item shows: results of commands, or the machine action. */
	show: { kind: 'results'; options: ResultOptions } | { kind: 'action'; isSimple: boolean };
}

const STARTERS = ['anyone', 'thisApp'] as const;

const filterNamed = (name: string) => inFilters(fieldNamed(triggerFilters, name));

export function settingsOf(context: NodeContext): TriggerSettings {
	return {
		machine: machineParameter(context, filterNamed('machineId')),
		scriptNames: listOf(context, filterNamed('scriptName')),
		statuses: choicesOf(context, filterNamed('status'), END_STATUSES),
		commandTypes: choicesOf(context, filterNamed('commandType'), COMMAND_TYPES),
		startedBy:
			choiceOf(context, startedBy, STARTERS) === 'thisApp'
				? { appName: textOf(context, appName) }
				: null,
		show: booleanOf(context, includeResults)
			? { kind: 'results', options: resultOptionsOf(context) }
			: { kind: 'action', isSimple: isSimple(context) },
	};
}

function resultOptionsOf(context: NodeContext): ResultOptions {
	return {
		...transcriptOptionsOf(context),
		binaryPropertyName: outputFieldOf(context),
		fileName: '',
		decompress: booleanOf(context, inOptions(decompressOption)),
		maxBytes: maxBytesOf(context, LARGEST_TRANSCRIPT_MB),
	};
}
