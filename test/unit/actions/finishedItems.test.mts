import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { finishedItemsOf } from '../../../nodes/DefenderLiveResponse/actions/finishedItems';
import { startedRunsOf } from '../../../nodes/DefenderLiveResponse/runs/startedRuns';

const functionsOf = (run: object, retryOnFail = true) =>
	({
		getNode: () => ({ retryOnFail }),
		getExecuteData: () => run,
	}) as unknown as IExecuteFunctions;

const item = (output: string): INodeExecutionData => ({ json: { output } });

describe('items that are done', () => {
	it('are given back to every try of the same run, and to no other', () => {
		const run = {};
		finishedItemsOf(functionsOf(run)).add(3, [item('done')]);
		expect(finishedItemsOf(functionsOf(run)).get(3)).toEqual([item('done')]);
		expect(finishedItemsOf(functionsOf(run)).get(4)).toBeUndefined();
		expect(finishedItemsOf(functionsOf({})).get(3)).toBeUndefined();
	});

	it('are not kept at all without Retry On Fail', () => {
		const run = {};
		finishedItemsOf(functionsOf(run, false)).add(0, [item('done')]);
		expect(finishedItemsOf(functionsOf(run)).get(0)).toBeUndefined();
	});

	it('are forgotten together with the run', async () => {
		setFlagsFromString('--expose-gc');
		const collectGarbage = runInNewContext('gc') as () => void;
		const kept = () => {
			const run = {};
			const done = item('large'.repeat(1000));
			finishedItemsOf(functionsOf(run)).add(0, [done]);
			startedRunsOf(functionsOf(run)).set(0, { id: '1' } as never);
			return new WeakRef(done.json);
		};
		const output = kept();
		for (let turn = 0; turn < 20 && output.deref(); turn++) {
			await new Promise((resolve) => setTimeout(resolve, 1));
			collectGarbage();
		}
		expect(output.deref()).toBeUndefined();
	});
});
