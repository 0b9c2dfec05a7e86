import { randomUUID } from 'node:crypto';
import type { IExecuteFunctions } from 'n8n-workflow';

import { stoppedExecution } from '../../../nodes/DefenderLiveResponse/transport/stoppedExecution';
import { VirtualClock } from '../../support/virtualClock.mts';

/** What n8n has stored, by the number of the execution: the one above it, and how it ended. */
type Executions = Record<number, { below?: number; error?: object; stopOf?: number }>;

/** Node runs of one n8n process, and what they read of its database. */
function n8nWith(executions: Executions) {
	// The looks of a process are shared: each n8n has ids of its own.
	const n8n = randomUUID();
	const id = (execution: number) => `${n8n}/${execution}`;
	const reads: string[] = [];
	const clock = new VirtualClock();
	const stored = (execution: number) => {
		if (!executions[execution]) return undefined;
		const { below, error, stopOf } = executions[execution];
		return {
			...(below && { parentExecution: { executionId: id(below), workflowId: 'w' } }),
			resultData: {
				error: stopOf ? { reason: 'manual', extra: { executionId: id(stopOf) } } : error,
			},
		};
	};
	const nodeRun = (execution: number, mode = 'webhook') => {
		const functions = {
			getMode: () => mode,
			getExecutionId: () => id(execution),
			getExecutionDataById: async (read: string) => {
				reads.push(read);
				return stored(Number(read.split('/')[1]));
			},
		} as unknown as IExecuteFunctions;
		return stoppedExecution(functions, clock);
	};
	return { reads, clock, id, nodeRun };
}

describe('Stop where n8n does not end the node run', () => {
	it.each<[string, Executions, boolean]>([
		['goes on', { 3: {} }, false],
		['was stopped', { 3: { stopOf: 3 } }, true],
		['was stopped, as an older n8n tells it', { 3: { error: { reason: 'manual' } } }, true],
		['is a retry of one that was stopped', { 3: { stopOf: 2 } }, false],
		['has a failed node', { 3: { error: { message: 'x' } } }, false],
		['is not known to n8n', {}, false],
	])('is told when the execution %s', async (_case, executions, stopped) => {
		expect(await n8nWith(executions).nodeRun(3)('starts')).toBe(stopped);
	});

	it.each<[string, Executions, boolean]>([
		['goes on', { 3: { below: 2 }, 2: {} }, false],
		['was stopped', { 3: { below: 2 }, 2: { stopOf: 2 } }, true],
		['is below a stopped one', { 3: { below: 2 }, 2: { below: 1 }, 1: { stopOf: 1 } }, true],
		['is a retry of a stopped one', { 3: { below: 2 }, 2: { stopOf: 1 } }, false],
		['has failed', { 3: { below: 2 }, 2: { error: { message: 'x' } } }, false],
		['is not known to n8n', { 3: { below: 2 } }, false],
	])('is told when the execution above %s', async (_case, executions, stopped) => {
		expect(await n8nWith(executions).nodeRun(3, 'integrated')('starts')).toBe(stopped);
	});

	it.each([
		['a quarter of a second later to a run that is about to start something', 'starts', 250],
		['two seconds later to a run that waits for what it has started', 'reads', 2000],
	] as const)('is told at most %s', async (_case, call, afterMs) => {
		const executions: Executions = { 3: {} };
		const { nodeRun, clock } = n8nWith(executions);
		const wasStopped = nodeRun(3);
		await wasStopped('starts');
		executions[3] = { stopOf: 3 };
		await clock.advance(afterMs);
		expect(await wasStopped(call)).toBe(true);
	});

	it('does not end a run that n8n cannot tell anything about', async () => {
		const functions = {
			getMode: () => 'trigger',
			getExecutionId: () => randomUUID(),
			getExecutionDataById: async () => await Promise.reject(new Error('connection lost')),
		} as unknown as IExecuteFunctions;
		expect(await stoppedExecution(functions, new VirtualClock())('starts')).toBe(false);
	});

	it('costs one read at a time, however many nodes start how much', async () => {
		const { nodeRun, reads, clock, id } = n8nWith({ 3: {} });
		const runs = Array.from({ length: 5 }, () => nodeRun(3));
		for (let seconds = 0; seconds < 4; seconds++) {
			await Promise.all(runs.flatMap((run) => [run('starts'), run('reads'), run('starts')]));
			await clock.advance(1000);
		}
		expect(reads).toEqual([id(3), id(3), id(3), id(3)]);
	});

	it('costs one read of the parent at a time, however many sub-workflows start something', async () => {
		const { nodeRun, reads, clock, id } = n8nWith({ 4: { below: 2 }, 3: { below: 2 }, 2: {} });
		const runs = [nodeRun(3, 'integrated'), nodeRun(4, 'integrated')];
		for (let seconds = 0; seconds < 4; seconds++) {
			await Promise.all(runs.map(async (run) => await run('starts')));
			await clock.advance(1000);
		}
		expect(reads.filter((read) => read === id(2))).toHaveLength(4);
		expect(reads.filter((read) => read !== id(2))).toEqual([id(3), id(4)]);
	});

	it('is told within half a minute to a run that starts nothing, which asks no more often', async () => {
		const executions: Executions = { 3: { below: 2 }, 2: {} };
		const { nodeRun, reads, clock, id } = n8nWith(executions);
		const wasStopped = nodeRun(3, 'integrated');
		for (let seconds = 0; seconds < 60; seconds++) {
			expect(await wasStopped('reads')).toBe(false);
			await clock.advance(1000);
		}
		expect(reads).toEqual([id(3), id(2)]);
		executions[2] = { stopOf: 2 };
		expect(await wasStopped('reads')).toBe(true);
	});

	it('costs nothing where nothing is started, and it is over soon', async () => {
		const { nodeRun, reads } = n8nWith({ 3: { below: 2 }, 2: { stopOf: 2 } });
		expect(await nodeRun(3, 'integrated')('reads')).toBe(false);
		expect(await nodeRun(3)('reads')).toBe(false);
		expect(reads).toEqual([]);
	});
});
