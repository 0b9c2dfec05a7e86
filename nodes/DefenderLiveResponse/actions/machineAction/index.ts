import type { Resource } from '../operation';
import * as cancel from './cancel.operation';
import * as get from './get.operation';
import * as getAll from './getAll.operation';
import * as wait from './wait.operation';

export const machineAction: Resource = {
	displayName: 'Machine Action',
	description:
		'One request to a device, such as a live response, a scan or an isolation. Defender gives it an ID and a status.',
	resource: 'machineAction',
	defaultOperation: 'get',
	operations: { cancel, get, getAll, wait },
};
