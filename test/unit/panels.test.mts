/** What an operation's panel offers under the settings that were chosen: nothing that does nothing. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

import {
	NodeHelpers,
	Workflow,
	type INode,
	type INodeParameters,
	type INodeProperties,
	type INodePropertyOptions,
	type INodeTypeDescription,
	type INodeTypes,
} from 'n8n-workflow';

import { DefenderLiveResponse } from '../../nodes/DefenderLiveResponse/DefenderLiveResponse.node';
import { DefenderLiveResponseTrigger } from '../../nodes/DefenderLiveResponse/DefenderLiveResponseTrigger.node';
import { someNode } from '../support/expressions.mts';
import { repository } from '../support/markdown.mts';
import { operationOf, operationPairs } from '../support/operations.mts';

const { description } = new DefenderLiveResponse();
const trigger = new DefenderLiveResponseTrigger().description;
const aNode = { typeVersion: 1 } as INode;

const resolved = (values: INodeParameters, of: INodeTypeDescription) =>
	NodeHelpers.getNodeParameters(of.properties, values, true, false, aNode, of)!;

const shownFields = (values: INodeParameters, of: INodeTypeDescription) => {
	const parameters = resolved(values, of);
	return of.properties.filter((property) =>
		NodeHelpers.displayParameter(parameters, property, aNode, of),
	);
};

/** The entries of 'Options', as the editor lists them; those in `added` have been added. */
function offered(
	values: INodeParameters,
	added: INodeParameters = {},
	of: INodeTypeDescription = description,
): string[] {
	const root = resolved(values, of);
	const options = shownFields(values, of).find(({ name }) => name === 'options');
	return ((options?.options ?? []) as INodeProperties[])
		.filter((option) => NodeHelpers.displayParameter(added, option, aNode, of, root))
		.map(({ name }) => name);
}

/** The options that reach the node when the workflow holds all of them. */
function delivered(values: INodeParameters): string[] {
	const { fields } = operationOf(String(values.resource), String(values.operation));
	const all = (fields.find(({ name }) => name === 'options')?.options ?? []) as INodeProperties[];
	const options = Object.fromEntries(all.map(({ name, default: preset }) => [name, preset]));
	const parameters = resolved({ ...values, options } as INodeParameters, description);
	return Object.keys(parameters.options as object);
}

const OF_THE_END = [
	'cancelOnTimeout',
	'decompress',
	'failOnNonZeroExit',
	'fileName',
	'maxFileSizeMb',
	'parseOutputAsJson',
	'rawOutput',
];

const waiting = operationPairs.filter(([resource, operation]) =>
	operationOf(resource, operation).fields.some(({ name }) => name === 'waitForCompletion'),
);

it('there are operations that wait, and such that need not', () => {
	expect(waiting.length).toBeGreaterThan(8);
});

describe.each(waiting)('%s %s', (resource, operation) => {
	const of = (waitForCompletion: boolean | string) => ({ resource, operation, waitForCompletion });

	it('offers nothing about an end that is not waited for', () => {
		expect(offered(of(false)).filter((name) => OF_THE_END.includes(name))).toEqual([]);
		expect(offered(of(false))).toEqual(
			expect.arrayContaining(['idempotencyKey', 'maxWaitMinutes', 'pollIntervalSeconds']),
		);
		expect(offered(of(true))).toContain('cancelOnTimeout');
	});

	it('offers everything when an expression decides, and gives it to the node', () => {
		const byExpression = of('={{ $json.wait }}');
		expect(offered(byExpression)).toEqual(offered(of(true)));
		expect(delivered(byExpression).sort()).toEqual(offered(of(true)).sort());
	});

	it('gives the node what was stored, but for what would do nothing', () => {
		expect(delivered(of(true)).sort()).toEqual(offered(of(true)).sort());
		expect(delivered(of(false)).sort()).toEqual(offered(of(false)).sort());
	});

	it("shows 'Options' right below 'Wait for Completion'", () => {
		const names = shownFields(of(true), description).map(({ name }) => name);
		expect(names.slice(names.indexOf('waitForCompletion'))).toEqual([
			'waitForCompletion',
			'options',
		]);
	});

	it("shows 'Max Wait' there from the start when it waits unless it is told not to", () => {
		const fields = shownFields({ resource, operation }, description);
		const preset = fields.find(({ name }) => name === 'waitForCompletion')!.default;
		expect(resolved({ resource, operation }, description).options).toEqual(
			preset === true ? { maxWaitMinutes: 15 } : {},
		);
	});
});

const scriptOutput = { resource: 'result', operation: 'parseTranscript' };

it.each([
	[{}, ['batching', 'includeAction', 'maxFileSizeMb', 'maxRateLimitWaitSeconds']],
	[{ allCommands: true }, ['batching', 'maxFileSizeMb', 'maxRateLimitWaitSeconds']],
	[{ source: 'binary' }, ['maxFileSizeMb']],
	[{ source: 'text' }, []],
])('reading a transcript with %j offers what concerns its source: %j', (values, names) => {
	const always = ['parseOutputAsJson', 'rawOutput'];
	expect(offered({ ...scriptOutput, ...values })).toEqual([...names, ...always]);
});

it.each([
	[['library'], true],
	[['text'], false],
])('a script of the source %j can be held to a hash: %s', ([scriptSource], isOffered) => {
	for (const [resource, operation] of [
		['liveResponse', 'runScript'],
		['campaign', 'advance'],
	]) {
		const names = offered({ resource, operation, scriptSource });
		expect(names.includes('scriptSha256')).toBe(isOffered);
	}
});

it('the trigger unpacks files only where it fetches them', () => {
	expect(offered({}, {}, trigger)).not.toContain('decompress');
	expect(offered({}, { includeFiles: true }, trigger)).toContain('decompress');
	expect(offered({}, { includeFiles: '={{ true }}' }, trigger)).toContain('decompress');
});

it.each(operationPairs)('%s %s can be batched where many items are served', (...pair) => {
	const [resource, operation] = pair;
	const isOfOneItem = ['campaign', 'connection'].includes(resource);
	expect(offered({ resource, operation }).includes('batching')).toBe(!isOfOneItem);
	expect(offered({ resource, operation })).toContain('maxRateLimitWaitSeconds');
});

it('a command whose type an expression gives asks for no field of another type', () => {
	const parameters = {
		resource: 'liveResponse',
		operation: 'runCommands',
		machineId: { __rl: true, mode: 'id', value: '={{ $json.id }}' },
		commands: { command: [{ type: '={{ $json.type }}', filePath: '={{ $json.path }}' }] },
	};
	const stored = { ...aNode, parameters } as unknown as INode;
	const issues = NodeHelpers.getNodeParametersIssues(description.properties, stored, description);
	expect(issues).toBeNull();
});

it('a script that was stored as a name is run by a command still', () => {
	const command = { type: 'RunScript', scriptName: 'triage.ps1' };
	const values = {
		resource: 'liveResponse',
		operation: 'runCommands',
		commands: { command: [command] },
	};
	expect(resolved(values, description).commands).toMatchObject({ command: [command] });
});

it('a command has the pickers of the operations that run it alone', () => {
	const { fields } = operationOf('liveResponse', 'runCommands');
	const commands = fields.find(({ name }) => name === 'commands')!;
	const [{ values }] = commands.options as Array<{ values: INodeProperties[] }>;
	const picker = (among: INodeProperties[], field: string) => {
		const { type, modes } = among.find(({ name }) => name === field)!;
		return { type, modes };
	};
	for (const [operation, field] of [
		['runScript', 'scriptName'],
		['putFile', 'libraryFileName'],
	]) {
		const own = operationOf('liveResponse', operation).fields;
		expect(picker(values, field)).toEqual(picker(own, field));
		expect(picker(values, field).type).toBe('resourceLocator');
	}
});

it.each(operationPairs)('%s %s has a subtitle in the words of the lists', (resource, operation) => {
	const placed = { ...someNode, parameters: { resource, operation } };
	const workflow = new Workflow({
		nodes: [placed],
		connections: {},
		active: false,
		nodeTypes: { getByNameAndVersion: () => ({ description }) } as unknown as INodeTypes,
	});
	const subtitle = workflow.expression.getSimpleParameterValue(
		placed,
		description.subtitle,
		'internal',
		{},
	);
	const nameOf = (field: string, value: string) =>
		shownFields({ resource, operation }, description)
			.find(({ name }) => name === field)!
			.options!.find((option) => 'value' in option && option.value === value)!.name;
	expect(subtitle).toBe(`${nameOf('operation', operation)}: ${nameOf('resource', resource)}`);
});

it('the node creator names the event, and describes the node and its trigger together', () => {
	const event = trigger.properties.find(({ displayName }) => displayName === 'Trigger On')!;
	const [{ action }] = event.options as INodePropertyOptions[];
	expect([event.type, action]).toEqual(['hidden', 'On live response ended']);
	expect(trigger.description).toMatch(/^Run scripts .*, or start a workflow when a live response/);
});

it('an idempotency key is shown as one of an alert and of what is done about it', () => {
	const placeholders = [...description.properties, ...trigger.properties]
		.flatMap(({ options = [] }) => options as INodeProperties[])
		.filter(({ name }) => name === 'idempotencyKey')
		.map(({ placeholder }) => placeholder);
	expect(placeholders.length).toBeGreaterThan(1);
	for (const placeholder of placeholders) expect(placeholder).toMatch(/-triage$/);
	const examples = globSync('examples/*.json', { cwd: repository }).flatMap((file) => [
		...readFileSync(path.join(repository, file), 'utf8').matchAll(/"idempotencyKey": "(.*)"/g),
	]);
	expect(examples.length).toBeGreaterThan(5);
	for (const [, key] of examples) expect(key).toMatch(/-(?:[a-z]+|\{\{.*\}\})$/);
});

it('the link of Get Link is called a secret that is stored with the execution', () => {
	expect(operationOf('result', 'getLink').entry.description).toMatch(
		/secret.*stored with the execution/,
	);
});

it('what a machine action is, is said once, where it can be chosen', () => {
	const resource = description.properties.find(({ name }) => name === 'resource')!;
	const explained = (resource.options as INodePropertyOptions[]).filter(
		(option) => option.description,
	);
	expect(explained).toMatchObject([
		{ name: 'Machine Action', description: expect.stringMatching(/^One request to a device/) },
	]);
	const texts = JSON.stringify([description.properties, trigger.properties]);
	expect(texts.split('One request to a device')).toHaveLength(2);
});

it('returning the result of the running one says that yours is not run', () => {
	const { fields } = operationOf('liveResponse', 'runScript');
	const options = fields.find(({ name }) => name === 'options')!.options as INodeProperties[];
	const whenBusy = options.find(({ name }) => name === 'whenBusy')!;
	const attach = whenBusy.options!.find((option) => 'value' in option && option.value === 'attach');
	expect(attach).toMatchObject({
		name: 'Return Result of Running One',
		description: expect.stringMatching(/yours is not run/i),
	});
});
