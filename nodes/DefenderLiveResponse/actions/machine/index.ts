import type { Resource } from '../operation';
import * as get from './get.operation';
import * as getAll from './getAll.operation';
import * as isolate from './isolate.operation';

export const machine: Resource = {
	displayName: 'Device',
	resource: 'machine',
	defaultOperation: 'get',
	operations: { get, getAll, isolate },
};
