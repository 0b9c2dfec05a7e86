import type { IExecuteFunctions } from 'n8n-workflow';

import type { ConnectionEvents } from '../transport/connection';
import { seconds } from '../transport/refusalMessages';

/** Shorter holds than this are of no interest. */
const HOLD_WORTH_TELLING_MS = 5000;

/** Tells the user what the run did besides its job; nothing when all was well. */
export function showEvents(
	functions: IExecuteFunctions,
	events: ConnectionEvents,
	hints: ReadonlySet<string>,
): void {
	const messages = [...hints, ...events.hints];
	if (events.heldMs >= HOLD_WORTH_TELLING_MS) {
		messages.push(`Waited ${seconds(events.heldMs)} for the Defender API limit`);
	}
	if (events.renewedLinks > 0) {
		messages.push(
			events.renewedLinks === 1
				? 'Renewed a download link that had expired'
				: `Renewed ${events.renewedLinks} download links that had expired`,
		);
	}
	for (const message of messages) {
		functions.addExecutionHints({ message, location: 'outputPane' });
	}
}
