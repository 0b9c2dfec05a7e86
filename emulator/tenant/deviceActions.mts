/** Which machine actions of a device there are beside live response, and what differs between them. */
import type { NewAction } from './machineActions.mts';

export interface DeviceAction {
	/** Last segment of the path. */
	name: string;
	type: string;
	permission: string;
	/** The member that it takes beside the comment. */
	member?: { name: string; takes: RegExp; shownAs: (value: string) => Partial<NewAction> };
}

const scope = (value: string) => ({ scope: value });

/** https://learn.microsoft.com/defender-endpoint/api/machineaction */
export const deviceActions: readonly DeviceAction[] = [
	{
		name: 'isolate',
		type: 'Isolate',
		permission: 'Machine.Isolate',
		member: { name: 'IsolationType', takes: /^(Full|Selective)$/, shownAs: scope },
	},
	{ name: 'unisolate', type: 'Unisolate', permission: 'Machine.Isolate' },
	{
		name: 'runAntiVirusScan',
		type: 'RunAntiVirusScan',
		permission: 'Machine.Scan',
		member: { name: 'ScanType', takes: /^(Full|Quick)$/, shownAs: scope },
	},
	{
		name: 'restrictCodeExecution',
		type: 'RestrictCodeExecution',
		permission: 'Machine.RestrictExecution',
	},
	{
		name: 'unrestrictCodeExecution',
		type: 'UnrestrictCodeExecution',
		permission: 'Machine.RestrictExecution',
	},
	{
		name: 'StopAndQuarantineFile',
		type: 'StopAndQuarantineFile',
		permission: 'Machine.StopAndQuarantine',
		member: {
			name: 'Sha1',
			takes: /^[0-9a-f]{40}$/i,
			shownAs: (fileIdentifier) => ({
				relatedFileInfo: { fileIdentifier, fileIdentifierType: 'Sha1' },
			}),
		},
	},
	{
		name: 'collectInvestigationPackage',
		type: 'CollectInvestigationPackage',
		permission: 'Machine.CollectForensics',
	},
];
