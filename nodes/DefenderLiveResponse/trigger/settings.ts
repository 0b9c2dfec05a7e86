/** The fields of the trigger, read and checked before any call. */
import { machineIdOf } from '../api/machines';
import { decompressOption } from '../descriptions/options';
import {
	appName,
	END_STATUSES,
	includeFilesOption,
	includeOwnRuns,
	includeResults,
	startedBy,
	triggerFilters,
} from '../descriptions/trigger';
import { outputFieldOf } from '../inputs/binaryField';
import { booleanOf } from '../inputs/boolean';
import { campaignOf } from '../inputs/campaignKey';
import { choiceOf, choicesOf, listOf } from '../inputs/choice';
import { fieldNamed, inFilters, inOptions } from '../inputs/field';
import { machineParameter } from '../inputs/machineParameter';
import type { NodeContext } from '../inputs/nodeContext';
import { maxBytesOf, transcriptOptionsOf } from '../inputs/resultParameters';
import { isSimple } from '../inputs/simplified';
import { textOf } from '../inputs/text';
import { keyDigest, ownWorkflow } from '../runs/runMarker';
import type { ResultOptions } from '../results/resultItems';
import type { ActionFilter } from '../domain/actionFilter';
import { LARGEST_TRANSCRIPT_MB } from '../domain/fileSize';
import { COMMAND_TYPES } from '../domain/machineAction';
import type { MachineReference } from '../domain/machine';
import type { Connection } from '../transport/connection';

export interface TriggerSettings {
	machine: MachineReference;
	scriptNames: string[];
	statuses: string[];
	commandTypes: string[];
	/** Empty for any run, with a key or without. */
	idempotencyKey: string;
	/** The digest of a campaign's key; empty for any run, of a campaign or of none. */
	campaign: string;
	/** Its name may be empty; null for anyone. */
	startedBy: { appName: string } | null;
	includeOwnRuns: boolean;
	/** What an item shows: results of commands, or the machine action. */
	show: ShownResults | { kind: 'action'; isSimple: boolean };
}

export interface ShownResults {
	kind: 'results';
	options: ResultOptions;
	includeFiles: boolean;
}

const filterNamed = (name: string) => inFilters(fieldNamed(triggerFilters, name));

export function settingsOf(context: NodeContext): TriggerSettings {
	return {
		machine: machineParameter(context, filterNamed('machineId')),
		scriptNames: listOf(context, filterNamed('scriptName')),
		statuses: choicesOf(context, filterNamed('status'), END_STATUSES),
		commandTypes: choicesOf(context, filterNamed('commandType'), COMMAND_TYPES),
		idempotencyKey: textOf(context, filterNamed('idempotencyKey')),
		campaign: campaignOf(context, filterNamed('campaignKey')),
		startedBy:
			choiceOf(context, startedBy) === 'thisApp' ? { appName: textOf(context, appName) } : null,
		includeOwnRuns: booleanOf(context, includeOwnRuns),
		show: booleanOf(context, includeResults)
			? {
					kind: 'results',
					options: resultOptionsOf(context),
					includeFiles: booleanOf(context, inOptions(includeFilesOption)),
				}
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

/** Which live responses start the workflow. A device by its name costs a call. */
export async function filterOf(
	connection: Connection,
	settings: TriggerSettings,
): Promise<ActionFilter> {
	const { machine, scriptNames, statuses, commandTypes, startedBy: app } = settings;
	return {
		machineId: machine.kind === 'empty' ? null : await machineIdOf(connection, machine),
		scriptNames,
		statuses,
		commandTypes,
		startedBy: app && { clientId: connection.app.clientId, ...app },
		notStartedBy: settings.includeOwnRuns ? null : ownWorkflow(connection.functions),
		key: keyDigest(settings.idempotencyKey) || null,
		campaign: settings.campaign || null,
	};
}
