import { basename, win32 } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Identifiers } from '../identifiers.mts';
import type { ResultStore } from '../results/resultStore.mts';
import type { Durations, ScriptSettings } from '../settings.mts';
import { fileOn, type Device } from './device.mts';
import type { Library } from './library.mts';
import type { CommandOutcome } from './lifeCycle.mts';
import { paramOf, type ActionRecord, type CommandRecord } from './machineAction.mts';
import { outcomeOf } from './script.mts';
import { transcriptFile } from './transcript.mts';

export interface ExecutionContext {
	library: Library;
	results: ResultStore;
	identifiers: Identifiers;
	durations: Durations;
	scripts: ScriptSettings;
}

/** Does one command on a device and says how it ends. */
export function executeCommand(
	context: ExecutionContext,
	action: ActionRecord,
	command: CommandRecord,
	device: Device,
): CommandOutcome {
	switch (command.request.type) {
		case 'PutFile':
			return putFile(context, command, device);
		case 'RunScript':
			return runScript(context, action, command, device);
		case 'GetFile':
			return getFile(context, command, device);
	}
}

function putFile(
	{ library, durations }: ExecutionContext,
	command: CommandRecord,
	device: Device,
): CommandOutcome {
	const name = paramOf(command.request, 'FileName') ?? '';
	if (library.get(name) === undefined) {
		return failed(durations.putFile, `File '${name}' was not found in the library.`);
	}
	device.received.add(name);
	return completed(durations.putFile);
}

/** What the service says is not documented. */
const notSigned =
	'The script is not signed. Running unsigned scripts is not allowed in this organization.';

function runScript(
	{ library, results, identifiers, durations, scripts }: ExecutionContext,
	action: ActionRecord,
	command: CommandRecord,
	device: Device,
): CommandOutcome {
	const scriptName = paramOf(command.request, 'ScriptName') ?? '';
	const file = library.get(scriptName);
	if (file === undefined) {
		return failed(1, `Script '${scriptName}' was not found in the library.`);
	}
	const isPowerShell = /\.ps1$/i.test(scriptName);
	if (isPowerShell !== (device.platform === 'windows')) {
		return failed(1, `Script '${scriptName}' cannot run on this operating system.`);
	}
	device.runs.set(scriptName, (device.runs.get(scriptName) ?? 0) + 1);
	if (isPowerShell && !file.isSigned && !scripts.allowsUnsigned) return failed(1, notSigned);
	const args = paramOf(command.request, 'Args') ?? '';
	const outcome = outcomeOf(file.behaviour, { device, args });
	const durationSeconds = outcome.durationSeconds ?? durations.runScript;
	if (durationSeconds > durations.scriptTimeout) {
		return failed(
			durations.scriptTimeout,
			`Script '${scriptName}' did not finish within ${durations.scriptTimeout} seconds.`,
		);
	}
	if (outcome.fails !== undefined) return failed(durationSeconds, outcome.fails);
	const index = action.commands.indexOf(command);
	return completed(durationSeconds, () =>
		results.put(
			outcome.raw ??
				transcriptFile(
					{
						scriptName,
						exitCode: outcome.exitCode ?? 0,
						output: outcome.output ?? '',
						errors: outcome.errors ?? '',
					},
					device.platform,
					identifiers.guid(),
				),
			transcriptName(action.id, index),
		),
	);
}

function getFile(
	{ results, durations }: ExecutionContext,
	command: CommandRecord,
	device: Device,
): CommandOutcome {
	const path = paramOf(command.request, 'Path') ?? '';
	const content = fileOn(device, path);
	if (content === undefined) return failed(durations.getFile, `File '${path}' was not found.`);
	if (content.length === 0) return failed(durations.getFile, `File '${path}' is empty.`);
	return completed(durations.getFile, () =>
		results.put(gzipFile(content, path), collectedName(path)),
	);
}

/** The name the result of RunScript is downloaded under. */
export function transcriptName(actionId: string, index: number): string {
	return `output_${actionId}_${index}.json`;
}

/** The name the result of GetFile is downloaded under. */
export function collectedName(path: string): string {
	return `${lastPart(path)}.gz`;
}

/** The file as gzip, with its name in the header. */
export function gzipFile(content: Buffer, path: string): Buffer {
	const packed = gzipSync(content);
	const name = Buffer.from(`${lastPart(path).replace(/[^\x20-\x7e]/g, '_')}\0`, 'latin1');
	const header = Buffer.from(packed.subarray(0, 10));
	header[3] |= 0x08;
	return Buffer.concat([header, name, packed.subarray(10)]);
}

function lastPart(path: string): string {
	return path.includes('\\') ? win32.basename(path) : basename(path);
}

function completed(
	durationSeconds: number,
	makeResult?: CommandOutcome['makeResult'],
): CommandOutcome {
	return { durationSeconds, status: 'Completed', errors: [], makeResult };
}

function failed(durationSeconds: number, error: string): CommandOutcome {
	return { durationSeconds, status: 'Failed', errors: [error], makeResult: undefined };
}
