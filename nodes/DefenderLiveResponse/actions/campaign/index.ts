import type { Resource } from '../operation';
import * as advance from './advance.operation';
import * as cancel from './cancel.operation';
import * as getResults from './getResults.operation';
import * as getStatus from './getStatus.operation';

export const campaign: Resource = {
	displayName: 'Campaign',
	resource: 'campaign',
	defaultOperation: 'advance',
	operations: { advance, getStatus, getResults, cancel },
};
