import type { Command } from '../domain/commands';
import type { Connection } from '../transport/connection';
import { startMachineAction, type StartOutcome } from './actionStart';

/** https://learn.microsoft.com/en-us/defender-endpoint/api/run-live-response */
export async function startLiveResponse(
	connection: Connection,
	machineId: string,
	request: { commands: readonly Command[]; comment: string; maxSessionWaitMs?: number },
): Promise<StartOutcome> {
	return await startMachineAction(connection, machineId, {
		name: 'runliveresponse',
		body: {
			Commands: request.commands.map(({ type, params }) => ({
				type,
				params: params.map(({ key, value }) => ({ key, value })),
			})),
		},
		comment: request.comment,
		permissions: ['Machine.LiveResponse'],
		lane: 'run',
		maxSessionWaitMs: request.maxSessionWaitMs,
	});
}
