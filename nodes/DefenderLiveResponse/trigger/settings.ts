/** The fields of the trigger, read and checked before any call. */
import { COMMAND_TYPES, END_STATUSES } from '../descriptions/trigger';
import { choiceFilter, listFilter } from '../inputs/filterParameters';
import { machineParameter } from '../inputs/machineParameter';
import { option, textParameter } from '../inputs/parameters';
import type { NodeContext } from '../inputs/nodeContext';
import { binaryFieldOf, maxBytesOf, transcriptOptionsOf } from '../inputs/resultParameters';
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

export function settingsOf(context: NodeContext): TriggerSettings {
	return {
		machine: machineParameter(context, 'filters.machineId'),
		scriptNames: listFilter(context, 'scriptName'),
		statuses: choiceFilter(context, 'status', 'Status', END_STATUSES),
		commandTypes: choiceFilter(context, 'commandType', 'Command Type', COMMAND_TYPES),
		startedBy:
			context.parameter('startedBy', 'anyone') === 'thisApp'
				? { appName: textParameter(context, 'appName') }
				: null,
		show:
			context.parameter('includeResults', true) === true
				? { kind: 'results', options: resultOptionsOf(context) }
				: { kind: 'action', isSimple: context.parameter('simplify', true) === true },
	};
}

function resultOptionsOf(context: NodeContext): ResultOptions {
	return {
		...transcriptOptionsOf(context),
		binaryPropertyName: binaryFieldOf(context),
		fileName: '',
		decompress: option(context, 'decompress', true),
		maxBytes: maxBytesOf(context, LARGEST_TRANSCRIPT_MB),
	};
}
