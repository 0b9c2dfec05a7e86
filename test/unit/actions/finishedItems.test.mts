import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { finishedItemsOf } from '../../../nodes/DefenderLiveResponse/actions/finishedItems';

const NODE = { name: 'Defender Live Response' };

/** What n8n hands to every try of one call. */
const aRun = () => ({ node: NODE });

const functionsOf = (run: object, retryOnFail = true, args: object = {}) =>
	({
		getNode: () => ({ ...NODE, retryOnFail }),
		getExecuteData: () => run,
		getInputData: () => [{ json: args }],
	}) as unknown as IExecuteFunctions;

const item = (output: string): INodeExecutionData => ({ json: { output } });

describe('items that are done', () => {
	it('are given back to every try of the same run, and to no other', () => {
		const run = aRun();
		finishedItemsOf(functionsOf(run)).add(3, [item('done')]);
		expect(finishedItemsOf(functionsOf(run)).get(3)).toEqual([item('done')]);
		expect(finishedItemsOf(functionsOf(run)).get(4)).toBeUndefined();
		expect(finishedItemsOf(functionsOf(aRun())).get(3)).toBeUndefined();
	});

	it("of one call of an agent's tool are not those of the next, although n8n hands both its own run", () => {
		const agents = { node: { name: 'AI Agent' } };
		const [first, second] = [{ device: 'a' }, { device: 'b' }];
		finishedItemsOf(functionsOf(agents, true, first)).add(0, [item('a')]);
		expect(finishedItemsOf(functionsOf(agents, true, first)).get(0)).toEqual([item('a')]);
		expect(finishedItemsOf(functionsOf(agents, true, second)).get(0)).toBeUndefined();
	});

	it('are not kept at all without Retry On Fail', () => {
		const run = aRun();
		finishedItemsOf(functionsOf(run, false)).add(0, [item('done')]);
		expect(finishedItemsOf(functionsOf(run)).get(0)).toBeUndefined();
	});

	it('are forgotten together with the run', async () => {
		setFlagsFromString('--expose-gc');
		const collectGarbage = runInNewContext('gc') as () => void;
		const kept = () => {
			const run = aRun();
			const done = item('large'.repeat(1000));
			finishedItemsOf(functionsOf(run)).add(0, [done]);
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
