/** The examples against the nodes' descriptions: what a user imports must fit what is installed. */
import {
	cronNodeOptions,
	NodeHelpers,
	type INode,
	type INodeParameters,
	type INodeProperties,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { DefenderLiveResponse } from '../../nodes/DefenderLiveResponse/DefenderLiveResponse.node';
import { DefenderLiveResponseTrigger } from '../../nodes/DefenderLiveResponse/DefenderLiveResponseTrigger.node';
import { packageName } from '../../playground/communityPackage.mts';
import { exampleNames, exampleWith, readExample } from '../../playground/examples.mts';
import { credentialName, credentialType } from '../../playground/packageNodes.mts';

const node = new DefenderLiveResponse().description;

const descriptions: Record<string, INodeTypeDescription> = {
	[`${packageName}.defenderLiveResponse`]: node,
	[`${packageName}.defenderLiveResponseTool`]: asTool(node),
	[`${packageName}.defenderLiveResponseTrigger`]: withPollTimes(
		new DefenderLiveResponseTrigger().description,
	),
};

const examples = exampleNames().map((name) => [name, readExample(name)] as const);
const ownNodes = examples.flatMap(([example, { nodes }]) =>
	nodes
		.filter(({ type }) => type.startsWith(packageName))
		.map((node): [string, INode] => [`${example}: ${node.name}`, node]),
);
/** Pixels of the canvas, with its name below. */
const NODE_SIZE = 150;
const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** As n8n makes a tool of a node, of which only what matters here. */
function asTool(description: INodeTypeDescription): INodeTypeDescription {
	const descriptionType: INodeProperties = {
		displayName: 'Tool Description',
		name: 'descriptionType',
		type: 'options',
		default: 'auto',
		options: [{ name: 'Set Automatically', value: 'auto' }],
	};
	const properties = [descriptionType, ...description.properties];
	return { ...description, name: `${description.name}Tool`, properties };
}

/** n8n gives every polling trigger this field when it loads it. */
function withPollTimes(description: INodeTypeDescription): INodeTypeDescription {
	const pollTimes: INodeProperties = {
		displayName: 'Poll Times',
		name: 'pollTimes',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		default: { item: [{ mode: 'everyMinute' }] },
		options: cronNodeOptions,
	};
	return { ...description, properties: [pollTimes, ...description.properties] };
}

/** The fields that the editor shows for these parameters. */
function shownFields(description: INodeTypeDescription, node: INode): INodeProperties[] {
	return description.properties.filter((property) =>
		NodeHelpers.displayParameter(node.parameters, property, node, description),
	);
}

/** Names of a collection's entries that are given and not offered. */
function unknownEntries(field: INodeProperties, value: unknown): string[] {
	if (field.type !== 'collection' || typeof value !== 'object' || value === null) return [];
	const offered = new Set((field.options ?? []).map(({ name }) => name));
	return Object.keys(value).filter((name) => !offered.has(name));
}

describe('the nodes of this package in the examples', () => {
	it('are there', () => {
		expect(new Set(ownNodes.map(([name]) => name.split(':')[0]))).toEqual(new Set(exampleNames()));
	});

	it.each(ownNodes)('%s: every parameter is a field that the editor shows', (_name, node) => {
		const description = descriptions[node.type];
		const fields = shownFields(description, node);
		const known = new Set(fields.map(({ name }) => name));

		expect(Object.keys(node.parameters).filter((name) => !known.has(name))).toEqual([]);
		expect(fields.flatMap((field) => unknownEntries(field, node.parameters[field.name]))).toEqual(
			[],
		);
	});

	it.each(ownNodes)('%s: the editor has nothing to object to', (_name, node) => {
		const description = descriptions[node.type];
		const parameters: INodeParameters =
			NodeHelpers.getNodeParameters(
				description.properties,
				node.parameters,
				true,
				false,
				node,
				description,
			) ?? {};

		expect(
			NodeHelpers.getNodeParametersIssues(
				description.properties,
				{ ...node, parameters },
				description,
			),
		).toBeNull();
	});

	it.each(ownNodes)('%s: names its credential, without an id', (_name, node) => {
		expect(node.credentials).toEqual({ [credentialType]: { id: '', name: credentialName } });
	});
});

describe.each(examples)('%s', (name, workflow) => {
	const names = workflow.nodes.map((node) => node.name);

	it('is what the editor exports, and does not start by itself', () => {
		expect(Object.keys(workflow).sort()).toEqual(
			['active', 'connections', 'meta', 'name', 'nodes', 'pinData', 'settings', 'tags'].sort(),
		);
		expect(workflow).toMatchObject({
			active: false,
			pinData: {},
			settings: { executionOrder: 'v1' },
		});
	});

	it('holds nothing of the n8n it was made in', () => {
		const text = JSON.stringify(workflow);
		expect(text).not.toMatch(/instanceId|versionId|shared|127\.0\.0\.1|localhost|password|secret/i);
		for (const url of text.match(/https?:\/\/[\w.-]+/g) ?? []) {
			expect(url).toMatch(/^https:\/\/\w+\.example\.com$/);
		}
	});

	it('takes alerts only from whoever sends the header of a credential, and only complete ones', () => {
		const webhooks = workflow.nodes.filter(({ type }) => type === 'n8n-nodes-base.webhook');
		for (const webhook of webhooks) {
			expect(webhook.parameters.authentication).toBe('headerAuth');
			expect(webhook.credentials).toEqual({ httpHeaderAuth: { id: '', name: 'Alert source' } });
			const [afterSettings] = workflow.connections.Settings.main[0]!;
			expect(afterSettings.node).toBe('Is it complete?');
			const [, otherwise] = workflow.connections['Is it complete?'].main;
			expect(otherwise).toEqual([{ node: 'Say what is missing', type: 'main', index: 0 }]);
		}
	});

	it('names every credential without an id', () => {
		for (const { credentials = {} } of workflow.nodes) {
			for (const { id, name } of Object.values(credentials)) {
				expect([id, name]).toEqual(['', expect.stringMatching(/./)]);
			}
		}
	});

	it('has keys that say for which action they are', () => {
		for (const { parameters } of workflow.nodes) {
			const key = (parameters.options as INodeParameters | undefined)?.idempotencyKey;
			// More than the alert's id alone.
			if (key !== undefined) expect(key).not.toMatch(/^=\{\{[^}]*\}\}$/);
		}
	});

	it('has nodes with names and ids of their own, and notes that explain', () => {
		expect(new Set(names).size).toBe(names.length);
		expect(new Set(workflow.nodes.map(({ id }) => id)).size).toBe(names.length);
		for (const { id } of workflow.nodes) expect(id).toMatch(guid);
		expect(workflow.nodes.some(({ type }) => type === 'n8n-nodes-base.stickyNote')).toBe(true);
	});

	it('connects nodes that exist, and leaves none out', () => {
		const targets = Object.values(workflow.connections)
			.flatMap((outputs) => Object.values(outputs).flat(2))
			.flatMap((link) => link?.node ?? []);
		const connected = new Set([...Object.keys(workflow.connections), ...targets]);
		const inUse = workflow.nodes.filter(({ type }) => type !== 'n8n-nodes-base.stickyNote');

		expect([...connected].sort()).toEqual(inUse.map((node) => node.name).sort());
	});

	it('has no node that lies over another', () => {
		const placed = workflow.nodes.filter(({ type }) => type !== 'n8n-nodes-base.stickyNote');
		const overlaps = placed.flatMap(({ name, position: [x, y] }, index) =>
			placed
				.slice(index + 1)
				.filter((other) => Math.abs(other.position[0] - x) < NODE_SIZE)
				.filter((other) => Math.abs(other.position[1] - y) < NODE_SIZE)
				.map((other) => `${name} and ${other.name}`),
		);
		expect(overlaps).toEqual([]);
	});

	it('refers to nodes that exist', () => {
		const text = JSON.stringify(workflow);
		for (const [, referred] of text.matchAll(/\$\('([^']+)'\)/g)) expect(names).toContain(referred);
	});

	it('has its addresses in one place', () => {
		const [settings, ...others] = [...workflow.nodes].sort(
			(a, b) => Number(b.name === 'Settings') - Number(a.name === 'Settings'),
		);
		expect(settings.type).toBe('n8n-nodes-base.set');
		expect(JSON.stringify(others.map(({ parameters }) => parameters))).not.toMatch(/https?:/);
		expect(() => exampleWith(name, { noSuchSetting: 1 })).toThrow(/noSuchSetting/);
	});
});
