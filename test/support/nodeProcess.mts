/** The node as another process of n8n loads it: what it remembers in memory is its own. */
import * as n8nWorkflow from 'n8n-workflow';
import type { INodeType } from 'n8n-workflow';

import * as clock from '../../nodes/DefenderLiveResponse/limits/clock';
import type * as Node from '../../nodes/DefenderLiveResponse/DefenderLiveResponse.node';

/** n8n's classes and the clock of the test stay the same ones. */
export function startProcess(): INodeType {
	let loaded: typeof Node | undefined;
	jest.isolateModules(() => {
		jest.doMock('n8n-workflow', () => n8nWorkflow);
		jest.doMock('../../nodes/DefenderLiveResponse/limits/clock', () => clock);
		loaded = jest.requireActual<typeof Node>(
			'../../nodes/DefenderLiveResponse/DefenderLiveResponse.node',
		);
	});
	return new loaded!.DefenderLiveResponse();
}
