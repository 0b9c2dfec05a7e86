import type { Resource } from '../operation';
import * as check from './check.operation';

export const connection: Resource = {
	displayName: 'Connection',
	resource: 'connection',
	defaultOperation: 'check',
	operations: { check },
};
