import type { Workflow } from '../domain/marker';
import type { RequestFunctions } from '../transport/connection';

/** The workflow that a node belongs to, as the markers of the runs that it starts name it. */
export const ownWorkflow = (functions: RequestFunctions): Workflow => ({
	workflow: functions.getWorkflow().id ?? '',
	instance: functions.getInstanceId(),
});
