import {
	markedComment,
	namesWorkflow,
	type Workflow,
} from '../../../nodes/DefenderLiveResponse/domain/marker';
import { ownWorkflow } from '../../../nodes/DefenderLiveResponse/runs/runMarker';

const workflowOf = (id: string) =>
	ownWorkflow({
		getInstanceId: () => 'instance-1',
		getWorkflow: () => ({ id, name: 'Triage', active: true }),
	});

const startedBy = (workflow: Workflow) =>
	markedComment('Alert 7', {
		...workflow,
		execution: '7',
		lineage: '7',
		node: '0f8c11aa22bb',
		round: 0,
		item: 0,
		fingerprint: '00ff00ff00ff00ff',
		key: '',
		campaign: '',
	});

describe('a workflow knows the runs that it has started', () => {
	const long = 'a workflow of another system: '.padEnd(200, 'x');

	it.each(['wF1', long])('by its id %s, however long that is', (id) => {
		const comment = startedBy(workflowOf(id));
		expect(namesWorkflow(comment, workflowOf(id))).toBe(true);
		expect(namesWorkflow(comment, workflowOf(`${id}y`))).toBe(false);
	});

	it('with an id that keeps the marker short', () => {
		expect(workflowOf(long).workflow).toMatch(/^[0-9a-f]{12}$/);
	});

	it('unless it was never saved, and has no id', () => {
		const unsaved = workflowOf('');
		expect(namesWorkflow(startedBy(unsaved), unsaved)).toBe(false);
	});
});
