/** The machine actions of a device beside live response, for the tests that are the same for all of them. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { NewAction } from '../../emulator/tenant/machineActions.mts';

export interface DeviceActionRow {
	operation: string;
	/** As lists of machine actions name it. */
	type: string;
	/** Last segment of the call. */
	path: string;
	permission: string;
	/** What Connection > Check calls it. */
	capability: string;
	/** What a role in the Defender portal allows that a signed-in user needs. */
	role: string;
	parameters: INodeParameters;
	/** What is sent beside the comment. */
	body: IDataObject;
	/** What of it the machine action shows. */
	shownAs?: Partial<NewAction>;
	/** The same kind of action with another aim. */
	other?: Partial<NewAction>;
	/** It waits unless told not to, and leaves a file. */
	hasFile?: true;
}

const REMEDIATION = "'Active remediation actions'";
const SHA1 = '87662bc3d60e4200ceaf7aae249d1c343f4b83c9';

export const deviceActions: readonly DeviceActionRow[] = [
	{
		operation: 'isolate',
		type: 'Isolate',
		path: 'isolate',
		permission: 'Machine.Isolate',
		capability: 'isolate',
		role: REMEDIATION,
		parameters: {},
		body: { IsolationType: 'Full' },
		shownAs: { scope: 'Full' },
		other: { scope: 'Selective' },
	},
	{
		operation: 'release',
		type: 'Unisolate',
		path: 'unisolate',
		permission: 'Machine.Isolate',
		capability: 'isolate',
		role: REMEDIATION,
		parameters: {},
		body: {},
	},
	{
		operation: 'runAntivirusScan',
		type: 'RunAntiVirusScan',
		path: 'runAntiVirusScan',
		permission: 'Machine.Scan',
		capability: 'scan',
		role: REMEDIATION,
		parameters: { scanType: 'Full' },
		body: { ScanType: 'Full' },
		shownAs: { scope: 'Full' },
		other: { scope: 'Quick' },
	},
	{
		operation: 'restrictAppExecution',
		type: 'RestrictCodeExecution',
		path: 'restrictCodeExecution',
		permission: 'Machine.RestrictExecution',
		capability: 'restrictAppExecution',
		role: REMEDIATION,
		parameters: {},
		body: {},
	},
	{
		operation: 'removeAppRestriction',
		type: 'UnrestrictCodeExecution',
		path: 'unrestrictCodeExecution',
		permission: 'Machine.RestrictExecution',
		capability: 'restrictAppExecution',
		role: REMEDIATION,
		parameters: {},
		body: {},
	},
	{
		operation: 'stopAndQuarantineFile',
		type: 'StopAndQuarantineFile',
		path: 'StopAndQuarantineFile',
		permission: 'Machine.StopAndQuarantine',
		capability: 'stopAndQuarantineFile',
		role: REMEDIATION,
		parameters: { sha1: SHA1.toUpperCase() },
		body: { Sha1: SHA1 },
		shownAs: { relatedFileInfo: { fileIdentifier: SHA1, fileIdentifierType: 'Sha1' } },
		other: {
			relatedFileInfo: { fileIdentifier: SHA1.replaceAll('8', '9'), fileIdentifierType: 'Sha1' },
		},
	},
	{
		operation: 'collectInvestigationPackage',
		type: 'CollectInvestigationPackage',
		path: 'collectInvestigationPackage',
		permission: 'Machine.CollectForensics',
		capability: 'collectPackage',
		role: "'Alerts investigation'",
		parameters: { binaryPropertyName: 'data' },
		body: {},
		hasFile: true,
	},
];
