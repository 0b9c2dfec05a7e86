import type { IExecuteFunctions } from 'n8n-workflow';

import { showEvents } from '../../../nodes/DefenderLiveResponse/actions/executionHints';
import {
	noEvents,
	type ConnectionEvents,
} from '../../../nodes/DefenderLiveResponse/transport/connection';

function shown(events: Partial<ConnectionEvents>, hints: string[] = []): string[] {
	const messages: string[] = [];
	const functions = {
		addExecutionHints: ({ message }: { message: string }) => messages.push(message),
	} as unknown as IExecuteFunctions;
	showEvents(functions, { ...noEvents(), ...events }, new Set(hints));
	return messages;
}

describe('what a run tells about itself', () => {
	it.each([
		['a wait of less than five seconds is not worth a word', { heldMs: 4999 }, []],
		['a wait of five seconds is', { heldMs: 5000 }, ['Waited 5 s for the Defender API limit']],
		['a long wait is told in minutes', { heldMs: 600_000 }, [expect.stringMatching(/10 min/)]],
		['a renewed link', { renewedLinks: 1 }, ['Renewed a download link that had expired']],
		['renewed links', { renewedLinks: 3 }, ['Renewed 3 download links that had expired']],
	])('%s', (_case, events, expected) => {
		expect(shown(events)).toEqual(expected);
	});

	it('what the operations have to say comes first', () => {
		expect(shown({ heldMs: 5000 }, ['A file was cut'])).toEqual([
			'A file was cut',
			'Waited 5 s for the Defender API limit',
		]);
	});
});
