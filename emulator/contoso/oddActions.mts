import type { MachineActions } from '../tenant/machineActions.mts';
import type { ActionOptions } from '../tenant/pastAction.mts';
import { contosoMachineId } from './machines.mts';

/** Ids of Contoso's past actions in forms that no page shows, the same on every start. */
export const contosoOddActions = {
	/** Its commands are names: `["PutFile"]`. */
	commandNames: '4b7e19c2-d085-4f36-9a1b-e6c30d58f724',
	/** Its command has `params: null`. */
	nullParams: '9c20f6d8-317a-4be5-8d49-05f1a7c3e86b',
	/** Created, and last changed, at the end of the year 9999. */
	yearNineThousand: 'e15d8a03-6c9f-4274-b0e8-3a94d7f2c51b',
	/** `TimeOut`, and its command is still `Executing`. */
	timedOutWhileExecuting: '70d3b5f9-82e4-4c1a-a6f7-c9185e0b3d42',
	/** `Cancelled` too late: its command is `Completed`. */
	cancelledTooLate: 'a8f42c6e-09b7-4d53-8e1c-7f5d20e9b346',
} as const;

const machineId = contosoMachineId('pc-fin-014.contoso.example');
const hour = 3600;
const endOfTime = '9999-12-31T23:59:59.9999999Z';

const actions: ActionOptions[] = [
	{
		id: contosoOddActions.commandNames,
		machineId,
		createdSecondsAgo: 70 * hour,
		shownAs: { commands: ['PutFile'] },
	},
	{
		id: contosoOddActions.nullParams,
		machineId,
		createdSecondsAgo: 71 * hour,
		shownAs: {
			commands: [
				{
					index: 0,
					startTime: null,
					endTime: null,
					commandStatus: 'Completed',
					errors: null,
					command: { type: 'RunScript', params: null },
				},
			],
		},
	},
	{
		id: contosoOddActions.yearNineThousand,
		machineId,
		createdSecondsAgo: 72 * hour,
		commands: [{ type: 'PutFile', fileName: 'tool.exe' }],
		shownAs: { creationDateTimeUtc: endOfTime, lastUpdateDateTimeUtc: endOfTime },
	},
	{
		id: contosoOddActions.timedOutWhileExecuting,
		machineId,
		status: 'TimeOut',
		createdSecondsAgo: 73 * hour,
		commands: [{ type: 'RunScript', scriptName: 'hangs.ps1', status: 'Executing' }],
	},
	{
		id: contosoOddActions.cancelledTooLate,
		machineId,
		status: 'Cancelled',
		createdSecondsAgo: 74 * hour,
		cancellation: { requestor: 'analyst@contoso.example', comment: 'Too late' },
		commands: [
			{ type: 'RunScript', scriptName: 'triage.ps1', transcript: { output: 'It ran.\n' } },
		],
	},
];

/** Contoso's past actions that a client must be able to pass over. */
export function addContosoOddActions(target: MachineActions): void {
	for (const action of actions) target.add(action);
}
