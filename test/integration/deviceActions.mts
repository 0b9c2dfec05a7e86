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
	parameters: INodeParameters;
	/** What is sent beside the comment. */
	body: IDataObject;
	/** What of it the machine action shows. */
	shownAs?: Partial<NewAction>;
	/** The same kind of action with another aim. */
	other?: Partial<NewAction>;
}

export const deviceActions: readonly DeviceActionRow[] = [
	{
		operation: 'isolate',
		type: 'Isolate',
		path: 'isolate',
		permission: 'Machine.Isolate',
		parameters: {},
		body: { IsolationType: 'Full' },
		shownAs: { scope: 'Full' },
		other: { scope: 'Selective' },
	},
];
