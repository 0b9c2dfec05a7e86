import { isWanted, UNFILTERED } from '../../../nodes/DefenderLiveResponse/domain/actionFilter';
import {
	commandState,
	type MachineAction,
} from '../../../nodes/DefenderLiveResponse/domain/machineAction';
import { commandReason } from '../../../nodes/DefenderLiveResponse/domain/reason';
import { missingResult } from '../../../nodes/DefenderLiveResponse/domain/missingResult';
import {
	machineActionOf,
	machineActionsOf,
} from '../../../nodes/DefenderLiveResponse/domain/sentAction';
import { simpleMachineAction } from '../../../nodes/DefenderLiveResponse/domain/simplify';

const id = '988cc94e-7a8f-4b28-ab65-54970c5d5018';

const scriptsOnly = { ...UNFILTERED, scriptNames: ['triage.ps1'] };

function understood(sent: object): MachineAction {
	const action = machineActionOf({ id, type: 'LiveResponse', status: 'Succeeded', ...sent });
	if (!action) throw new Error('It has an id');
	return action;
}

const commandsOf = (commands: unknown) => understood({ commands }).commands;

const unknownCommand = {
	index: 0,
	startTime: null,
	endTime: null,
	commandStatus: 'Unknown',
	errors: [],
	command: { type: 'Unknown', params: [] },
};

describe('a machine action in an odd form', () => {
	it.each([
		['no commands', undefined, []],
		['null as commands', null, []],
		[
			'commands that are names',
			['PutFile'],
			[{ ...unknownCommand, command: { type: 'PutFile', params: [] } }],
		],
		['null as a command', [null], [unknownCommand]],
		['an entry without its command', [{ index: 0 }], [unknownCommand]],
		[
			'null as errors and params',
			[
				{
					index: 3,
					commandStatus: 'Failed',
					errors: null,
					command: { type: 'RunScript', params: null },
				},
			],
			[
				{
					...unknownCommand,
					index: 3,
					commandStatus: 'Failed',
					command: { type: 'RunScript', params: [] },
				},
			],
		],
		[
			'null among errors and params',
			[
				{
					errors: [null, 'No'],
					command: {
						type: 'GetFile',
						params: [null, { key: 'Path', value: null }, { key: 'Path', value: '/a' }],
					},
				},
			],
			[
				{
					...unknownCommand,
					errors: ['No'],
					command: { type: 'GetFile', params: [{ key: 'Path', value: '/a' }] },
				},
			],
		],
	])('%s can be read', (_case, sent, commands) => {
		expect(commandsOf(sent)).toEqual(commands);
	});

	it.each([
		{},
		{ commands: ['PutFile', null, 7, {}] },
		{ type: null, status: null, errorHResult: null },
	])('%j passes through all that reads it', (sent) => {
		const action = understood({ requestor: null, creationDateTimeUtc: null, ...sent });
		expect(isWanted(action, scriptsOnly)).toBe(false);
		expect(simpleMachineAction(action).machineActionId).toBe(id);
		expect(missingResult(action, 0).kind).toMatch(/./);
	});

	it('keeps what was sent as it is', () => {
		const sent = { id, commands: ['PutFile'], scope: 'Full' };
		expect(machineActionOf(sent)?.sent).toBe(sent);
	});

	it('without an id is left out, and takes no other with it', () => {
		const odd = [null, 'x', [], {}, { id: null }, { id: 7 }, { id: '../machines' }];
		expect(machineActionsOf([...odd, { id }, ...odd]).map((action) => action.id)).toEqual([id]);
	});
});

describe('a command of an action that ended oddly', () => {
	const ended = (status: string, commandStatus?: string) => {
		const action = understood({
			status,
			commands: [{ index: 0, commandStatus, command: { type: 'RunScript', params: null } }],
		});
		const [command] = action.commands;
		return { action, command };
	};

	it.each([
		['TimeOut', 'Completed', 'completed'],
		['Cancelled', 'Completed', 'completed'],
		['TimeOut', 'Executing', 'unknown'],
		['Cancelled', 'Executing', 'unknown'],
		['InProgress', 'Executing', 'running'],
		['TimeOut', 'Created', 'notRun'],
		['Succeeded', undefined, 'completed'],
		['Failed', undefined, 'unknown'],
		['Pending', undefined, 'running'],
	])('%s with a command that is %s: %s', (status, commandStatus, state) => {
		const { action, command } = ended(status, commandStatus);
		expect(commandState(action, command)).toBe(state);
	});

	it('is not said to be not started when it had begun', () => {
		const { action, command } = ended('TimeOut', 'Executing');
		expect(commandReason(action, command)).toBe(
			'It had begun and may still run. Defender gave up waiting for the end (status TimeOut)',
		);
		expect(missingResult(action, 0)).toMatchObject({ kind: 'ended', commandStatus: 'Executing' });
	});

	it.each(['TimeOut', 'Cancelled'])('%s still has the result of one that completed', (status) => {
		expect(missingResult(ended(status, 'Completed').action, 0)).toEqual({ kind: 'notYetStored' });
	});
});
