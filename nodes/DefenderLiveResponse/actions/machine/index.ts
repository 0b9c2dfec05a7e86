import type { Resource } from '../operation';
import * as get from './get.operation';
import * as getAll from './getAll.operation';

export const machine: Resource = {
	name: 'Device',
	value: 'machine',
	defaultOperation: 'get',
	operations: { get, getAll },
};
