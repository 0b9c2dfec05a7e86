import {
	hasUnknownScript,
	isStartedBy,
	isWanted,
	UNFILTERED,
} from '../../../nodes/DefenderLiveResponse/domain/actionFilter';
import type { MachineAction } from '../../../nodes/DefenderLiveResponse/domain/machineAction';
import { markedComment } from '../../../nodes/DefenderLiveResponse/domain/marker';

const clientId = '0a1b2c3d-aaaa-4bbb-8ccc-ddddeeeeffff';

const marked = markedComment('Alert 7', {
	instance: 's',
	workflow: 'w',
	execution: '1',
	lineage: '1',
	node: 'n',
	round: 0,
	item: 0,
	fingerprint: '00ff',
	key: '',
	campaign: '',
});

const command = (type: string, key: string, value: string) => ({
	index: 0,
	startTime: null,
	endTime: null,
	commandStatus: 'Completed',
	errors: [],
	command: { type, params: [{ key, value }] },
});

const action = (fields: Partial<MachineAction> = {}): MachineAction => ({
	id: '11a86b87-12b8-423b-9e8d-9775ab2da78f',
	type: 'LiveResponse',
	status: 'Succeeded',
	requestor: 'analyst@contoso.example',
	requestorComment: 'Triage',
	machineId: '1e5bc9d7e413ddd7902c2932e418702b84d0cc07',
	computerDnsName: 'desktop-1',
	creationDateTimeUtc: '2026-01-31T08:44:05.1234567Z',
	lastUpdateDateTimeUtc: '2026-01-31T08:46:05.1234567Z',
	cancellationRequestor: null,
	cancellationComment: null,
	cancellationDateTimeUtc: null,
	errorHResult: 0,
	sent: {},
	commands: [
		command('RunScript', 'ScriptName', 'Triage.ps1'),
		command('GetFile', 'Path', 'C:\\triage.zip'),
	],
	...fields,
});

describe('a live response is wanted', () => {
	it.each([
		['without conditions', {}, true],
		['on its device', { machineId: '1E5BC9D7E413DDD7902C2932E418702B84D0CC07' }, true],
		['not on another device', { machineId: 'ff'.repeat(20) }, false],
		['by one of several statuses', { statuses: ['Failed', 'Succeeded'] }, true],
		['not by another status', { statuses: ['TimeOut'] }, false],
		['by its script, however it is written', { scriptNames: ['other.ps1', 'triage.PS1'] }, true],
		['not by a part of its script', { scriptNames: ['triage'] }, false],
		['not by the path of a file that is called so', { scriptNames: ['C:\\triage.zip'] }, false],
		['by the type of any command', { commandTypes: ['GetFile'] }, true],
		['not by a type it has no command of', { commandTypes: ['PutFile'] }, false],
		[
			'not when only one of two conditions holds',
			{ statuses: ['Succeeded'], commandTypes: ['PutFile'] },
			false,
		],
	])('%s', (_case, conditions, wanted) => {
		expect(isWanted(action(), { ...UNFILTERED, ...conditions })).toBe(wanted);
	});

	it('also without commands', () => {
		expect(isWanted(action({ commands: [] }), UNFILTERED)).toBe(true);
		expect(isWanted(action({ commands: [] }), { ...UNFILTERED, scriptNames: ['a.ps1'] })).toBe(
			false,
		);
	});

	it('only from this app, when asked for', () => {
		const startedBy = { clientId, appName: '' };
		expect(isWanted(action(), { ...UNFILTERED, startedBy })).toBe(false);
		expect(isWanted(action({ requestor: clientId }), { ...UNFILTERED, startedBy })).toBe(true);
	});
});

describe('a live response that this workflow has started', () => {
	const itself = { workflow: 'w', instance: 's' };
	const isWantedWith = (requestorComment: string, notStartedBy = itself) =>
		isWanted(action({ requestorComment }), { ...UNFILTERED, notStartedBy });

	it('is left out, and no other is', () => {
		expect(isWantedWith(marked)).toBe(false);
		expect(isWantedWith(marked, { ...itself, workflow: 'another' })).toBe(true);
		expect(isWantedWith('Triage')).toBe(true);
	});

	it('is not taken for that of a workflow with the same id in another n8n', () => {
		expect(isWantedWith(marked, { ...itself, instance: 'another' })).toBe(true);
	});

	it('is left out also when its marker is of the older form, without the n8n', () => {
		expect(isWantedWith('Alert 7 [n8n w=w e=1 n=n r=0 i=0 f=00ff]')).toBe(false);
	});

	it('is not known as long as the workflow has no id', () => {
		expect(isWantedWith(marked.replace('w=w', 'w='), { ...itself, workflow: '' })).toBe(true);
	});
});

describe('a live response with an idempotency key', () => {
	const keyed = (key: string) =>
		action({ requestorComment: marked.replace('f=00ff', `f=00ff${key && ` k=${key}`}`) });
	const wanted = { ...UNFILTERED, key: 'abc0' };

	it('is known by the key in its marker, whoever started it', () => {
		expect(isWanted(keyed('abc0'), wanted)).toBe(true);
		expect(isWanted(keyed('abc1'), wanted)).toBe(false);
		expect(isWanted(keyed(''), wanted)).toBe(false);
		expect(isWanted(action({ requestorComment: 'k=abc0' }), wanted)).toBe(false);
		expect(isWanted(action({ requestorComment: null }), wanted)).toBe(false);
	});

	it('is known also when its marker is of the older form', () => {
		const requestorComment = 'Alert 7 [n8n w=w e=1 n=n r=0 i=0 f=00ff k=abc0]';
		expect(isWanted(action({ requestorComment }), wanted)).toBe(true);
	});

	it('is left out like any other where this workflow has started it', () => {
		const notStartedBy = { workflow: 'w', instance: 's' };
		expect(isWanted(keyed('abc0'), { ...wanted, notStartedBy })).toBe(false);
	});
});

describe('which script a live response ran', () => {
	const withCommands = (...commands: MachineAction['commands']) => action({ commands });

	it.each([
		['is known', withCommands(command('RunScript', 'ScriptName', 'Triage.ps1')), false],
		['does not matter without a script', withCommands(command('GetFile', 'Path', '/a')), false],
		['is not known without its name', withCommands(command('RunScript', 'Args', '-a')), true],
		['is not known when the command is not', withCommands(command('Unknown', 'a', 'b')), true],
	])('%s', (_case, given, unknown) => {
		expect(hasUnknownScript(given)).toBe(unknown);
	});
});

describe('a live response is started by this app', () => {
	it.each([
		['when its requestor is the client id', clientId.toUpperCase(), 'Triage', '', true],
		[
			'when its requestor is the name given for it',
			'N8N LIVE RESPONSE',
			'',
			'n8n Live Response',
			true,
		],
		['when a requestor with some name wrote the marker', 'n8n Live Response', marked, '', true],
		['when there is no requestor but the marker', null, marked, '', true],
		['but not when some name wrote no marker', 'n8n Live Response', 'Triage', '', false],
		[
			'but not when the marker is that of another app id',
			'f'.repeat(8) + clientId.slice(8),
			marked,
			'',
			false,
		],
		[
			'but not when a person signed in wrote the marker',
			'analyst@contoso.example',
			marked,
			'',
			false,
		],
		['but not when the name given is another one', 'Other App', marked, 'n8n Live Response', false],
	])('%s', (_case, requestor, requestorComment, appName, own) => {
		expect(isStartedBy(action({ requestor, requestorComment }), { clientId, appName })).toBe(own);
	});
});
