import { contosoActions } from '../../emulator/emulator.mts';
import { inARow, noOperation, type WorkflowFile } from '../../playground/n8n/workflowFile.mts';
import {
	byId,
	liveResponse,
	liveResponseTrigger,
	oneResult,
} from '../../playground/packageNodes.mts';

const threeTries = { retryOnFail: true, maxTries: 3 };

/** Every two seconds: a script on a device, and the transcript of an older run. */
export const scheduledWorkflow = (machineId: string, scriptName: string): WorkflowFile =>
	inARow('Soak: schedule', [
		{
			name: 'Schedule',
			type: 'n8n-nodes-base.scheduleTrigger',
			typeVersion: 1.2,
			parameters: { rule: { interval: [{ field: 'seconds', secondsInterval: 2 }] } },
		},
		liveResponse(
			{
				resource: 'liveResponse',
				operation: 'runScript',
				machineId: byId(machineId),
				scriptName: byId(scriptName),
				args: '',
				comment: 'soak',
				waitForCompletion: true,
				options: { pollIntervalSeconds: 1, whenBusy: 'wait' },
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
