/** What the fields of the panels hold in the pictures: plausible values for fields that are empty in a new node. */
import type { INodeParameters, INodeProperties, NodeParameterValueType } from 'n8n-workflow';

import { contosoActions, contosoMachineId } from '../../emulator/emulator.mts';

const workstation = 'pc-fin-014.contoso.example';

/** By the name of the field. */
const values: Record<string, string> = {
	machineId: contosoMachineId(workstation),
	scriptName: 'triage.ps1',
	libraryFileName: 'triage.ps1',
	machineActionId: contosoActions.realTranscript,
	args: '-Days 7',
	filePath: 'C:\\Windows\\Temp\\report.zip',
	tag: 'under-investigation',
	sha1: '87662bc3d60e4200ceaf7aae249d1c343f4b83c9',
	campaignKey: 'log4j-sweep-2026-11',
	startsAt: '2026-11-26T08:00:00',
};

/** What a list shows of a value that is chosen from it. */
const shownAs: Record<string, string> = {
	[values.machineId]: `${workstation} (Windows11)`,
	[values.machineActionId]: `${workstation}: RunScript`,
};

const commands: ReadonlyArray<Record<string, string>> = [
	{ type: 'RunScript', scriptName: 'minidump.ps1', args: 'notepad' },
	{ type: 'GetFile', filePath: 'C:\\windows\\TEMP\\notepad.dmp.zip' },
];

/** Of one resource, or of one operation of it. */
const collections: Record<string, INodeParameters> = {
	machine: { filters: { tag: 'finance' } },
	campaign: { filters: { tag: 'finance' } },
	machineAction: { filters: { requestor: 'analyst@contoso.example' } },
	'liveResponse/runScript': { options: { parseOutputAsJson: true } },
};

/** The parameters of the trigger's node. */
export const triggerValues: INodeParameters = {
	filters: { scriptName: 'triage.ps1' },
	options: { parseOutputAsJson: true },
};

/** The parameters of an operation's node. */
export function panelValues(
	properties: readonly INodeProperties[],
	resource: string,
	operation: string,
): INodeParameters {
	return {
		resource,
		operation,
		...filled(properties, values),
		...collections[resource],
		...collections[`${resource}/${operation}`],
	};
}

/** The fields for which there is a value, each in the form that its field has. */
function filled(
	properties: readonly INodeProperties[],
	given: Record<string, string>,
): INodeParameters {
	const fields = properties.flatMap((field): Array<[string, NodeParameterValueType]> => {
		if (field.name === 'commands') return [[field.name, { command: commandsFor(field) }]];
		const value = given[field.name];
		if (value === undefined) return [];
		if (field.type !== 'resourceLocator') return [[field.name, value]];
		const cachedResultName = shownAs[value] ?? value;
		return [[field.name, { __rl: true, mode: 'list', value, cachedResultName }]];
	});
	return Object.fromEntries(fields);
}

function commandsFor({ options = [] }: INodeProperties): INodeParameters[] {
	const fields = options.flatMap((option) => ('values' in option ? option.values : []));
	return commands.map((command) => filled(fields, command));
}
