import { contosoActions } from '../../emulator/emulator.mts';
import {
	everySeconds,
	inARow,
	noOperation,
	type WorkflowFile,
} from '../../playground/n8n/workflowFile.mts';
import { liveResponse, liveResponseTrigger, oneResult } from '../../playground/packageNodes.mts';
import { byId } from '../../test/support/resourceLocator.mts';
import { httpRequestSteps } from '../workflows.mts';

const threeTries = { retryOnFail: true, maxTries: 3 };

/** A script on a device, and the transcript of an older run. */
export const scheduledWorkflow = (
	seconds: number,
	machineId: string,
	scriptName: string,
): WorkflowFile =>
	inARow('Soak: schedule', [
		everySeconds(seconds),
		liveResponse(
			{
				resource: 'liveResponse',
				operation: 'runScript',
				machineId: byId(machineId),
				scriptName: byId(scriptName),
				args: '',
				comment: 'soak',
				waitForCompletion: true,
				options: { pollIntervalSeconds: 2, whenBusy: 'wait' },
			},
			{ name: 'Run', ...threeTries },
		),
		liveResponse(oneResult('parseTranscript', contosoActions.documentationSample), {
			name: 'Parse',
			...threeTries,
		}),
	]);

/** Starts with every live response that the other workflow has run. */
export const triggeredWorkflow = (): WorkflowFile =>
	inARow('Soak: trigger', [
		liveResponseTrigger({ pollTimes: { item: [{ mode: 'everyMinute' }] } }),
		noOperation('Ticket'),
	]);

/** The transcript of the same older run by n8n's own nodes, as often. */
export const peerWorkflow = (seconds: number, apiUrl: string): WorkflowFile =>
	inARow('Soak: n8n', [
		everySeconds(seconds),
		...httpRequestSteps(apiUrl, contosoActions.realTranscript),
	]);
