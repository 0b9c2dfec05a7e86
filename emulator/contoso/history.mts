import type { MachineActions } from '../tenant/machineActions.mts';
import type { ActionOptions } from '../tenant/pastAction.mts';
import { documentationSample, transcriptFile } from '../tenant/transcript.mts';
import { contosoMachineId } from './machines.mts';

/** Ids of Contoso's past machine actions, the same on every start. */
export const contosoActions = {
	/** RunScript, a transcript as devices really write it: only the transcript line and a NUL. */
	realTranscript: '3d0c6a52-9b1f-4c67-8a2e-51f0d7e4b913',
	/** RunScript, a transcript as Microsoft's page shows it: not valid JSON. */
	documentationSample: '8e41b7f6-02cd-4a95-b3d8-6fa97c1e2045',
	/** RunScript on Linux. */
	linuxScript: 'a95d2e18-64b3-4f70-9c0d-e83b16f7524a',
	/** RunScript with exit code 1 and standard error. */
	exitCodeOne: 'c7f3a806-5e12-4d9b-8b64-19a2e05d3f78',
	/** GetFile. */
	getFile: '1f68d9b4-a3e7-4b02-95c1-d47e80f26a3b',
	/** PutFile: no result. */
	putFile: '62b50e9d-18f4-4c3a-a7e6-0d9f3c85b147',
	/** PutFile, RunScript and GetFile in one session. */
	wholeSession: 'd4a7f12c-890e-4b65-8f3d-b26c5e9107a8',
	/** The second of three commands failed, the third never ran. */
	failed: '09e8c3d7-f5a6-4812-b94e-7c1d60a2f5e3',
	timedOut: '57c2b8e0-3d9a-4f61-8ae5-f0b4d17c6932',
	cancelled: 'b81f4d63-e70c-4a29-92d7-35e8c6fa0b14',
	isolate: '2ea69f05-7b48-4dc1-86f3-9d05e1b7c84a',
	antiVirusScan: 'f30d75ca-4e16-4b8f-a1d9-680c2f9be517',
} as const;

const workstation = contosoMachineId('pc-fin-014.contoso.example');
const linuxServer = contosoMachineId('srv-web-01.contoso.example');
const hour = 3600;

function history(): ActionOptions[] {
	return [
		{
			id: contosoActions.realTranscript,
			machineId: workstation,
			createdSecondsAgo: hour,
			comment: 'Scheduled check',
			commands: [
				{
					type: 'RunScript',
					scriptName: 'patch_check.ps1',
					result: transcriptFile(
						{ scriptName: 'patch_check.ps1', exitCode: 0, output: '', errors: '' },
						'windows',
						'0c94f5d1-6a2b-4e83-b7f0-2d81a9c63e57',
					),
				},
			],
		},
		{
			id: contosoActions.documentationSample,
			machineId: workstation,
			createdSecondsAgo: 2 * hour,
			comment: 'Memory dump for incident 4711',
			commands: [
				{
					type: 'RunScript',
					scriptName: 'minidump.ps1',
					args: 'notepad',
					result: documentationSample(
						{
							scriptName: 'minidump.ps1',
							exitCode: 0,
							output: 'C:\\windows\\TEMP\\notepad.dmp.zip\n48 MB\n',
							errors: '',
						},
						'e7a31b60-94dc-4f25-8c17-b05fd2e6439a',
					),
				},
			],
		},
		{
			id: contosoActions.linuxScript,
			machineId: linuxServer,
			createdSecondsAgo: 3 * hour,
			commands: [
				{
					type: 'RunScript',
					scriptName: 'hello.sh',
					transcript: { output: 'Hello from Defender\n' },
				},
			],
		},
		{
			id: contosoActions.exitCodeOne,
			machineId: workstation,
			createdSecondsAgo: 4 * hour,
			commands: [
				{
					type: 'RunScript',
					scriptName: 'fails.ps1',
					transcript: {
						exitCode: 1,
						output: 'Stopping service Spooler...\n',
						errors: 'Stop-Service : Access is denied.\n',
					},
				},
			],
		},
		{
			id: contosoActions.getFile,
			machineId: workstation,
			createdSecondsAgo: 5 * hour,
			commands: [
				{
					type: 'GetFile',
					path: 'C:\\Users\\Public\\Documents\\notes.txt',
					content: 'Grüße aus Zürich\r\n',
					started: false,
				},
			],
		},
		{
			id: contosoActions.putFile,
			machineId: workstation,
			createdSecondsAgo: 6 * hour,
			commands: [{ type: 'PutFile', fileName: 'tool.exe' }],
		},
		{
			id: contosoActions.wholeSession,
			machineId: workstation,
			createdSecondsAgo: 7 * hour,
			tookSeconds: 95,
			commands: [
				{ type: 'PutFile', fileName: 'tool.exe' },
				{
					type: 'RunScript',
					scriptName: 'triage.ps1',
					transcript: { output: '{"hostname":"pc-fin-014","suspicious":[]}\n' },
				},
				{
					type: 'GetFile',
					path: 'C:\\Temp\\report.csv',
					content: 'time,event\r\n03:14,logon\r\n',
				},
			],
		},
		{
			id: contosoActions.failed,
			machineId: workstation,
			status: 'Failed',
			errorHResult: -2147467259,
			createdSecondsAgo: 8 * hour,
			commands: [
				{ type: 'PutFile', fileName: 'tool.exe' },
				{
					type: 'RunScript',
					scriptName: 'unsigned.ps1',
					status: 'Failed',
					errors: ['The script is not signed.'],
				},
				{ type: 'GetFile', path: 'C:\\Temp\\report.csv', status: 'Created' },
			],
		},
		{
			id: contosoActions.timedOut,
			machineId: contosoMachineId('pc-fin-015.contoso.example'),
			status: 'TimeOut',
			createdSecondsAgo: 30 * hour,
			tookSeconds: 2 * hour,
			commands: [{ type: 'RunScript', scriptName: 'triage.ps1', status: 'Created' }],
		},
		{
			id: contosoActions.cancelled,
			machineId: contosoMachineId('srv-web-02.contoso.example'),
			status: 'Cancelled',
			createdSecondsAgo: 40 * hour,
			cancellation: { requestor: 'analyst@contoso.example', comment: 'Not needed any more' },
			commands: [{ type: 'RunScript', scriptName: 'hello.sh', status: 'Created' }],
		},
		{
			id: contosoActions.isolate,
			type: 'Isolate',
			scope: 'Full',
			machineId: workstation,
			requestSource: 'Portal',
			createdSecondsAgo: 50 * hour,
			comment: 'Isolated for incident 4711',
		},
		{
			id: contosoActions.antiVirusScan,
			type: 'RunAntiVirusScan',
			scope: 'Quick',
			machineId: linuxServer,
			createdSecondsAgo: 60 * hour,
			comment: 'Weekly scan',
		},
	];
}

/** Contoso's past: one action of every kind a client has to cope with. */
export function addContosoHistory(target: MachineActions): void {
	for (const action of history()) target.add(action);
}
