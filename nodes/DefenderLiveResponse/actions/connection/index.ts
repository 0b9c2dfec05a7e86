import type { Resource } from '../operation';
import * as check from './check.operation';
import * as report from './report.operation';

export const connection: Resource = {
	displayName: 'Connection',
	resource: 'connection',
	defaultOperation: 'check',
	operations: { check, report },
};
