import {
	actionState,
	commandState,
	mayHaveBegun,
	type MachineAction,
} from '../../../nodes/DefenderLiveResponse/domain/machineAction';
import { actionReason, commandReason } from '../../../nodes/DefenderLiveResponse/domain/reason';
import { missingResult } from '../../../nodes/DefenderLiveResponse/domain/missingResult';

function liveResponse(more: Partial<MachineAction> = {}): MachineAction {
	return {
		id: '988cc94e-7a8f-4b28-ab65-54970c5d5018',
		type: 'LiveResponse',
		status: 'Succeeded',
		requestor: 'analyst@contoso.example',
		requestorComment: 'Alert 7',
		machineId: '1e5bc9d7e413ddd7902c2932e418702b84d0cc07',
		computerDnsName: 'desktop-1',
		creationDateTimeUtc: '2026-03-18T21:02:00.3538594Z',
		lastUpdateDateTimeUtc: '2026-03-18T21:04:41.93163Z',
		cancellationRequestor: null,
		cancellationComment: null,
		cancellationDateTimeUtc: null,
		errorHResult: 0,
		sent: {},
		commands: [
			command(0, 'PutFile', 'Completed'),
			command(1, 'RunScript', 'Completed'),
			command(2, 'GetFile', 'Completed'),
		],
		...more,
	};
}

const command = (index: number, type: string, commandStatus: string, errors: string[] = []) => ({
	index,
	startTime: null,
	endTime: null,
	commandStatus,
	errors,
	command: { type, params: [] },
});

describe('whether an ended action may have done something', () => {
	it.each([
		['its one command was not started', [command(0, 'RunScript', 'Created')], false],
		['the end of its command is not known', [command(0, 'RunScript', 'Executing')], true],
		[
			'one of its commands was started',
			[command(0, 'PutFile', 'Completed'), command(1, 'RunScript', 'Created')],
			true,
		],
		['a live response shows no command', [], true],
	])('%s', (_case, commands, expected) => {
		expect(mayHaveBegun(liveResponse({ status: 'TimeOut', commands }))).toBe(expected);
	});

	it('an isolation has no commands that could have begun', () => {
		expect(mayHaveBegun(liveResponse({ type: 'Isolate', status: 'Cancelled', commands: [] }))).toBe(
			false,
		);
	});
});

describe('what counts as finished', () => {
	it.each([
		['Pending', 'running'],
		['InProgress', 'running'],
		['SomethingNew', 'running'],
		['Succeeded', 'succeeded'],
		['Failed', 'failed'],
		['TimeOut', 'timedOut'],
		['Cancelled', 'cancelled'],
	])('%s is %s', (status, state) => {
		expect(actionState(status)).toBe(state);
	});

	it('a command that was never started is waiting only while its action runs', () => {
		const created = command(1, 'RunScript', 'Created');
		expect(commandState(liveResponse({ status: 'InProgress' }), created)).toBe('running');
		expect(commandState(liveResponse({ status: 'Failed' }), created)).toBe('notRun');
	});
});

describe('why a command has no result', () => {
	it("is told in the API's own words when it failed", () => {
		const failed = command(0, 'RunScript', 'Failed', ['The script is not signed']);
		expect(commandReason(liveResponse({ status: 'Failed' }), failed)).toBe(
			'The script is not signed',
		);
	});

	it.each([
		['a.ps1', 'The script is not signed', true],
		['A.PS1', 'File a.ps1 cannot be loaded. The file is not digitally signed.', true],
		['a.ps1', 'Unsigned scripts are not allowed', true],
		['a.ps1', 'The hash of the signature does not match', true],
		['a.ps1', 'The device was assigned to another tenant', false],
		['a.sh', 'The package is not signed', false],
	])(
		'of %s that failed with %j ends with what to do about a signature: %s',
		(name, words, isTold) => {
			const failed = {
				...command(0, 'RunScript', 'Failed', [words]),
				command: { type: 'RunScript', params: [{ key: 'ScriptName', value: name }] },
			};
			const reason = commandReason(liveResponse({ status: 'Failed' }), failed);
			expect(reason?.startsWith(words)).toBe(true);
			expect(reason?.includes('Live Response unsigned script execution')).toBe(isTold);
		},
	);

	it('names the command that failed before it', () => {
		const commands = [command(0, 'RunScript', 'Failed'), command(1, 'GetFile', 'Created')];
		const action = liveResponse({ status: 'Failed', commands });
		expect(commandReason(action, commands[1])).toBe(
			'Not started, because command 0 (RunScript) failed',
		);
	});

	it('names who cancelled it', () => {
		const action = liveResponse({
			status: 'Cancelled',
			cancellationRequestor: 'lead@contoso.example',
			cancellationComment: 'wrong device',
			commands: [command(0, 'RunScript', 'Created')],
		});
		expect(commandReason(action, action.commands![0])).toBe(
			'Cancelled by lead@contoso.example: wrong device',
		);
	});

	it.each([
		['Executing', null],
		['Created', '2026-06-01T10:00:00Z'],
	])('says that one may still run that had begun: %s since %p', (commandStatus, startTime) => {
		const words = ['The session was lost'];
		const begun = { ...command(0, 'RunScript', commandStatus, words), startTime };
		const commands = [begun, command(1, 'GetFile', 'Created')];
		const action = liveResponse({ status: 'TimeOut', commands });
		expect(commands.map((one) => commandReason(action, one))).toEqual([
			'It had begun and may still run. Defender gave up waiting for the end (status TimeOut). Defender says: The session was lost',
			'Defender gave up waiting for the end (status TimeOut)',
		]);
	});

	it('has the words of Defender also for one that was not run', () => {
		const commands = [command(0, 'RunScript', 'Created', ['No session was free'])];
		expect(commandReason(liveResponse({ status: 'TimeOut', commands }), commands[0])).toBe(
			'Defender gave up waiting for the device (status TimeOut). Defender says: No session was free',
		);
	});

	it('writes the result code as support asks for it', () => {
		expect(actionReason(liveResponse({ status: 'Failed', errorHResult: -2147024809 }))).toBe(
			'The machine action failed (errorHResult 0x80070057)',
		);
	});

	it.each([
		[
			'another type of action',
			liveResponse({ type: 'Isolate', commands: [] }),
			0,
			{ kind: 'notLiveResponse', type: 'Isolate' },
		],
		['an index that does not exist', liveResponse(), 7, { kind: 'noSuchCommand', count: 3 }],
		['a PutFile', liveResponse(), 0, { kind: 'putFile' }],
		['a file that is not stored yet', liveResponse(), 1, { kind: 'notYetStored' }],
		[
			'a command that is done in an action that is not',
			liveResponse({ status: 'InProgress' }),
			1,
			{ kind: 'unfinished', status: 'InProgress', commandStatus: 'Completed' },
		],
	])('%s', (_case, action, index, expected) => {
		expect(missingResult(action, index)).toEqual(expected);
	});
});
