import type { IExecuteFunctions } from 'n8n-workflow';

import { scriptToRun } from '../../../nodes/DefenderLiveResponse/actions/liveResponse/scriptToRun';
import { itemInputs } from '../../../nodes/DefenderLiveResponse/inputs/nodeContext';
import { someNode } from '../../support/expressions.mts';

/** n8n leaves out the fields of a text where a tool does not show them; other callers need not. */
const inputs = (more: object) =>
	itemInputs(
		{
			getNode: () => someNode,
			getNodeParameter: (name: string, _itemIndex: number, fallback: unknown) =>
				({ scriptSource: 'text', scriptType: 'bash', scriptText: 'uname -a' })[name] ?? fallback,
			...more,
		} as unknown as IExecuteFunctions,
		0,
	);

it('a text of the workflow runs for the workflow', () => {
	expect(scriptToRun(inputs({}))).toMatchObject({ source: 'text' });
});

it.each([
	['of an agent up to 2.2', { isToolExecution: () => true }],
	['of an agent from 3 on', { getNode: () => ({ ...someNode, type: `${someNode.type}Tool` }) }],
])('a text does not run for a tool %s', (_kind, more) => {
	expect(() => scriptToRun(inputs(more))).toThrow(
		"As an agent's tool, the node runs only scripts from the library",
	);
});
