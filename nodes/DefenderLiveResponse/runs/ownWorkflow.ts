import type { Workflow } from '../domain/marker';
import type { RequestFunctions } from '../transport/connection';
import { digest } from './digest';

/** The workflow that a node belongs to, as the markers of the runs that it starts name it. */
export const ownWorkflow = (
	functions: Pick<RequestFunctions, 'getInstanceId' | 'getWorkflow'>,
): Workflow => ({
	workflow: shortened(functions.getWorkflow().id ?? ''),
	instance: digest(functions.getInstanceId(), 8),
});

const PLAIN_ID = /^[\w-]{1,24}$/;

/** Ids that are short enough to be read in the portal stay as they are, as does an empty one. */
export const shortened = (id: string): string =>
	id === '' || PLAIN_ID.test(id) ? id : digest(id, 12);
