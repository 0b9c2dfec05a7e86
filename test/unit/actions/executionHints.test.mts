import type { IExecuteFunctions } from 'n8n-workflow';

import { showEvents } from '../../../nodes/DefenderLiveResponse/actions/executionHints';
import type {
	Connection,
	ConnectionEvents,
} from '../../../nodes/DefenderLiveResponse/transport/connection';

async function shown(events: Partial<ConnectionEvents>, hints: string[] = []): Promise<string[]> {
	const messages: string[] = [];
	const functions = {
		addExecutionHints: ({ message }: { message: string }) => messages.push(message),
	} as unknown as IExecuteFunctions;
	const connection = {
		events: { heldMs: 0, heldUntil: 0, renewedLinks: 0, hints: new Set(), ...events },
	};
	await showEvents(functions, Promise.resolve(connection as Connection), new Set(hints));
	return messages;
}

describe('what a run tells about itself', () => {
	it.each([
		['a wait of less than five seconds is not worth a word', { heldMs: 4999 }, []],
		['a wait of five seconds is', { heldMs: 5000 }, ['Waited 5 s for the Defender API limit']],
		['a long wait is told in minutes', { heldMs: 600_000 }, [expect.stringMatching(/10 min/)]],
		['a renewed link', { renewedLinks: 1 }, ['Renewed a download link that had run out']],
		['renewed links', { renewedLinks: 3 }, ['Renewed 3 download links that had run out']],
	])('%s', async (_case, events, expected) => {
		expect(await shown(events)).toEqual(expected);
	});

	it('what the operations have to say comes first', async () => {
		expect(await shown({ heldMs: 5000 }, ['A file was cut'])).toEqual([
			'A file was cut',
			'Waited 5 s for the Defender API limit',
		]);
	});
});
