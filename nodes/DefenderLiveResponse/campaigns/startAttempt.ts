/** One attempt of a campaign: its start, and what the answer means for the device. */
import { startLiveResponse } from '../api/liveResponses';
import type { Command } from '../domain/commands';
import { markedComment } from '../domain/marker';
import type { Script } from '../domain/script';
import { inTurn } from '../runs/deviceTurns';
import { markerFor } from '../runs/runMarker';
import { unlessStopped } from '../transport/onStop';
import { bounded, type Connection } from '../transport/connection';
import { refusalError } from '../transport/errors';
import type { ItemContext } from '../transport/itemContext';
import { refusalMessage } from '../transport/refusalMessages';
import type { CampaignMemory } from './campaignMemory';

/** What is asked of a device. */
export interface Question {
	script: Script;
	commands: readonly Command[];
	/** The user's part. */
	comment: string;
}

export type AttemptStart =
	| { kind: 'started' }
	/** It may have been, and counts as running until lists would show it. */
	| { kind: 'unsure' }
	/** The device takes none now, or takes none at all. */
	| { kind: 'notOnDevice' }
	/** A limit is used up, or the time of this execution is. */
	| { kind: 'limited' }
	| { kind: 'refused'; error: Error };

/**
 * @param listed how many attempts are listed on the device
 * @param timeOver after which the answer is not waited for
 */
export async function startAttempt(
	context: ItemContext,
	connection: Connection,
	attempt: { campaign: string; machineId: string; listed: number; question: Question },
	memory: CampaignMemory,
	timeOver: AbortSignal,
): Promise<AttemptStart> {
	const { campaign, machineId, listed, question } = attempt;
	const { commands } = question;
	const run = { machineId, request: commands, idempotencyKey: '', campaign };
	const comment = markedComment(question.comment, await markerFor(context, run));
	const timed = bounded(connection, { maxHoldMs: 0, signal: timeOver });
	const start = async () =>
		await inTurn(
			timed,
			machineId,
			async () =>
				await startLiveResponse(timed, machineId, { commands, comment, maxSessionWaitMs: 0 }),
		);
	memory.unsure(machineId, listed, connection.clock.wallTime());
	const outcome = start().then((answer): AttemptStart => {
		const now = connection.clock.wallTime();
		switch (answer.kind) {
			case 'started':
				memory.started(machineId, answer.action, now);
				return { kind: 'started' };
			// Its own may have been started beside the other one.
			case 'foreign':
			case 'unsure':
				memory.unsure(machineId, listed, now);
				return { kind: 'unsure' };
			case 'busy':
				memory.busy(machineId, now);
				return { kind: 'notOnDevice' };
			case 'refused': {
				memory.forget(machineId);
				const { call, refusal } = answer;
				const { code, message } = refusalMessage({ ...call, isDelegated: false }, refusal);
				switch (code) {
					case 'deviceUnsupported':
					case 'notAllowed':
						memory.rejected(machineId, message, now);
						return { kind: 'notOnDevice' };
					// Lists can show a device that is gone, and a 404 can pass.
					case 'deviceNotFound':
						memory.busy(machineId, now);
						return { kind: 'notOnDevice' };
					case 'rateLimited':
					case 'sessionsExhausted':
					case 'canceled':
						return { kind: 'limited' };
					default:
						return {
							kind: 'refused',
							error: refusalError(connection.functions.getNode(), call, refusal),
						};
				}
			}
		}
	});
	return (await unlessStopped(outcome, timeOver)) ?? { kind: 'unsure' };
}
