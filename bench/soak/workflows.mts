import { contosoActions } from '../../emulator/emulator.mts';
import { packageName } from '../../playground/communityPackage.mts';
import type { WorkflowFile } from '../../playground/n8n/workbench.mts';
import { credentialName, credentialType } from '../../playground/playground.mts';

const credentials = { [credentialType]: { id: '', name: credentialName } };
const byId = (value: string) => ({ __rl: true, mode: 'id', value });

/** Every two seconds: a script on a device, and the transcript of an older run. */
export function scheduledWorkflow(machineId: string, scriptName: string): WorkflowFile {
	const node = (name: string, x: number, parameters: WorkflowFile['nodes'][0]['parameters']) => ({
		id: name,
		name,
		type: `${packageName}.defenderLiveResponse`,
		typeVersion: 1,
		position: [x, 0] as [number, number],
		parameters: { authentication: 'appRegistration', ...parameters },
		credentials,
		retryOnFail: true,
		maxTries: 3,
	});
	return {
		name: 'Soak: schedule',
		nodes: [
			{
				id: 'schedule',
				name: 'Schedule',
				type: 'n8n-nodes-base.scheduleTrigger',
				typeVersion: 1.2,
				position: [0, 0],
				parameters: { rule: { interval: [{ field: 'seconds', secondsInterval: 2 }] } },
			},
			node('Run', 240, {
				resource: 'liveResponse',
				operation: 'runScript',
				machineId: byId(machineId),
				scriptName: byId(scriptName),
				args: '',
				comment: 'soak',
				waitForCompletion: true,
				options: { pollIntervalSeconds: 1, whenBusy: 'wait' },
			}),
			node('Parse', 480, {
				resource: 'result',
				operation: 'parseTranscript',
				source: 'machineAction',
				machineActionId: byId(contosoActions.documentationSample),
				allCommands: false,
				commandIndex: 0,
				options: {},
			}),
		],
		connections: {
			Schedule: { main: [[{ node: 'Run', type: 'main', index: 0 }]] },
			Run: { main: [[{ node: 'Parse', type: 'main', index: 0 }]] },
		},
	};
}

/** Starts with every live response that the other workflow has run. */
export function triggeredWorkflow(): WorkflowFile {
	const trigger = 'Ended';
	return {
		name: 'Soak: trigger',
		nodes: [
			{
				id: 'trigger',
				name: trigger,
				type: `${packageName}.defenderLiveResponseTrigger`,
				typeVersion: 1,
				position: [0, 0],
				parameters: {
					pollTimes: { item: [{ mode: 'everyMinute' }] },
					startedBy: 'anyone',
					includeResults: true,
				},
				credentials,
			},
			{
				id: 'noOp',
				name: 'Ticket',
				type: 'n8n-nodes-base.noOp',
				typeVersion: 1,
				position: [240, 0],
				parameters: {},
			},
		],
		connections: { [trigger]: { main: [[{ node: 'Ticket', type: 'main', index: 0 }]] } },
	};
}
