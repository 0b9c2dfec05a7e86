/** README.md's quick start can be followed: the editor's tests do what these words say. */
import { NodeHelpers } from 'n8n-workflow';

import { DefenderLiveResponse } from '../../../nodes/DefenderLiveResponse/DefenderLiveResponse.node';
import { quickStartSteps, type Deed } from '../../support/quickStart.mts';

const steps = quickStartSteps();
const deeds = steps.flatMap(({ deeds: first, instead }) => [...first, ...instead]);
const { description } = new DefenderLiveResponse();

it('says what to do, in this order', () => {
	const verbs = (ofStep: Deed[]) => ofStep.map(({ does }) => does);
	expect(steps.map((step) => verbs(step.deeds))).toEqual([
		['start', 'add', 'selectCredential'],
		['chooseFromList'],
		['chooseFromList'],
		['press'],
	]);
	expect(steps.map(({ instead }) => verbs(instead))).toEqual([
		[],
		[],
		['set', 'choose', 'find'],
		[],
	]);
});

it('names the node, its action and its fields as the node does', () => {
	const { properties, displayName } = description;
	const given = { resource: 'liveResponse', operation: 'runScript', scriptSource: 'text' };
	const node = { typeVersion: 1 };
	const shownWith = (scriptSource: string) => {
		const parameters = { ...given, scriptSource };
		const values = NodeHelpers.getNodeParameters(
			properties,
			parameters,
			true,
			false,
			node,
			description,
		)!;
		return properties.filter((field) =>
			NodeHelpers.displayParameter(values, field, node, description),
		);
	};
	const fields = [...shownWith('library'), ...shownWith('text')];
	const labels = fields.map((field) => field.displayName);
	const actions = fields
		.filter(({ name }) => name === 'operation')
		.flatMap(({ options = [] }) =>
			options.map((option) => ('action' in option ? option.action : '')),
		);

	for (const deed of deeds) {
		if ('field' in deed) expect(labels).toContain(deed.field);
		if (deed.does === 'add') {
			expect(deed.node).toBe(displayName);
			expect(actions).toContain(deed.action);
		}
		if (deed.does === 'set') {
			const field = fields.find((one) => one.displayName === deed.field)!;
			expect(field.options!.map(({ name }) => name)).toContain(deed.value);
		}
	}
});
