import type { IExecuteFunctions } from 'n8n-workflow';

import { stoppedParents } from '../../../nodes/DefenderLiveResponse/transport/stoppedParents';
import { VirtualClock } from '../../support/virtualClock.mts';

interface Stored {
	parentExecution?: { executionId: string; workflowId: string };
	resultData?: { error?: object };
}

const below = (executionId: string): Stored => ({
	parentExecution: { executionId, workflowId: 'w' },
});
const manualStop = { resultData: { error: { message: 'cancelled', reason: 'manual' } } };

/** The execution 3, with what n8n has stored of the others. */
function execution(stored: Record<string, Stored>, mode = 'integrated') {
	const reads: string[] = [];
	const clock = new VirtualClock();
	const functions = {
		getMode: () => mode,
		getExecutionId: () => '3',
		getExecutionDataById: async (id: string) => {
			reads.push(id);
			return stored[id];
		},
	} as unknown as IExecuteFunctions;
	return { reads, clock, wasStopped: stoppedParents(functions, clock) };
}

describe('Stop of the workflow above', () => {
	it.each<[string, Record<string, Stored>, boolean]>([
		['goes on', { 3: below('2'), 2: {} }, false],
		['was stopped', { 3: below('2'), 2: manualStop }, true],
		['is itself below one that was stopped', { 3: below('2'), 2: below('1'), 1: manualStop }, true],
		['has failed', { 3: below('2'), 2: { resultData: { error: { message: 'x' } } } }, false],
		['is not known to n8n', { 3: below('2') }, false],
	])('is told when it %s', async (_case, stored, stopped) => {
		expect(await execution(stored).wasStopped?.('lately')).toBe(stopped);
	});

	it('is looked for at most every two seconds, however many calls read', async () => {
		const { reads, clock, wasStopped } = execution({ 3: below('2'), 2: {} });
		await Promise.all([wasStopped?.('lately'), wasStopped?.('lately')]);
		const first = reads.length;
		await wasStopped?.('lately');
		expect(reads).toHaveLength(first);
		await clock.advance(2000);
		await wasStopped?.('lately');
		expect(reads.slice(first)).toEqual(['2']);
	});

	it('is looked for before each call that starts something', async () => {
		const { reads, wasStopped } = execution({ 3: below('2'), 2: {} });
		await wasStopped?.('lately');
		const first = reads.length;
		await wasStopped?.('now');
		expect(reads.slice(first)).toEqual(['2']);
	});

	it('is looked for in sub-workflows alone', () => {
		expect(execution({}, 'trigger').wasStopped).toBeUndefined();
	});
});
