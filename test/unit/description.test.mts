/** The nodes' descriptions as a whole: what the editor offers, and whether it holds together. */
import {
	NodeHelpers,
	type INode,
	type INodeParameters,
	type INodeProperties,
	type INodePropertyOptions,
} from 'n8n-workflow';

import { DefenderLiveResponse } from '../../nodes/DefenderLiveResponse/DefenderLiveResponse.node';
import { DefenderLiveResponseTrigger } from '../../nodes/DefenderLiveResponse/DefenderLiveResponseTrigger.node';
import { operationOf, operationPairs } from '../support/operations.mts';

const node = new DefenderLiveResponse();
const { properties } = node.description;
const trigger = new DefenderLiveResponseTrigger();
const bothNodes = [node, trigger];

const choices = (property: INodeProperties) =>
	(property.options ?? []).filter((option): option is INodePropertyOptions => 'value' in option);

const valuesOf = (property: INodeProperties) => choices(property).map(({ value }) => value);

const resource = properties.find(({ name }) => name === 'resource')!;

const allOperationsOf = (resourceName: string) =>
	properties.filter(
		({ name, displayOptions }) =>
			name === 'operation' && displayOptions?.show?.resource?.includes(resourceName),
	);

const operationsOf = (resourceName: string) =>
	allOperationsOf(resourceName).filter((property) => !isForAgents(property));

/** Whether it is the list of a node's tool, which leaves out what is kept from agents. */
const isForAgents = ({ displayOptions }: INodeProperties) =>
	displayOptions?.show?.['@tool'] !== undefined;

const pairs = valuesOf(resource).flatMap((resourceName) =>
	operationsOf(String(resourceName)).flatMap((operation) =>
		valuesOf(operation).map((name): [string, string] => [String(resourceName), String(name)]),
	),
);

interface Field {
	property: INodeProperties;
	/** Dotted, for messages. */
	path: string;
	/** Fields of the same level, which conditions refer to. */
	siblings: INodeProperties[];
}

/** Every field, with those inside collections. */
function fieldsOf(siblings: INodeProperties[], path = ''): Field[] {
	return siblings.flatMap((property) => {
		const own: Field = { property, path: `${path}${property.name}`, siblings };
		const options = property.options ?? [];
		const groups = options.flatMap((option) =>
			'values' in option ? fieldsOf(option.values, `${own.path}.${option.name}.`) : [],
		);
		const entries = options.filter((option): option is INodeProperties => 'type' in option);
		return [own, ...groups, ...fieldsOf(entries, `${own.path}.`)];
	});
}

const triggerFields = fieldsOf(trigger.description.properties, 'trigger.');
const fields = [...fieldsOf(properties), ...triggerFields];
const named = fields.map((field): [string, Field] => {
	const { show } = field.property.displayOptions ?? {};
	const where = [show?.resource, show?.operation].flat().filter((value) => value !== undefined);
	return [`${field.path} ${where.length > 0 ? `(${where.join(' ')})` : ''}`.trim(), field];
});

const aNode = {
	id: '1',
	name: 'Node',
	type: 'x',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
} as INode;

/** The fields an operation shows with these values; the rest at its default. */
const shown = (values: INodeParameters) =>
	properties.filter((property) =>
		NodeHelpers.displayParameter(
			NodeHelpers.getNodeParameters(properties, values, true, false, aNode, node.description)!,
			property,
			aNode,
			node.description,
		),
	);

describe('resources and operations', () => {
	it('each resource has one list of operations, whose default is one of them', () => {
		for (const resourceName of valuesOf(resource)) {
			const [operation, another] = operationsOf(String(resourceName));
			expect(another).toBeUndefined();
			expect(valuesOf(operation)).toContain(operation.default);
			expect(operation.noDataExpression).toBe(true);
		}
		expect(valuesOf(resource)).toContain(resource.default);
	});

	it('each operation that is offered exists, and each one that exists is offered', () => {
		const existing = operationPairs.map((pair) => pair.join(' '));
		expect(pairs.map((pair) => pair.join(' ')).sort()).toEqual(existing.sort());
	});

	const forAll = ['authentication', 'resource', 'operation'];

	it.each(pairs)('%s %s shows all its fields, and none of another operation', (...pair) => {
		const own = operationOf(...pair).fields;
		const elsewhere = shown({ resource: pair[0], operation: pair[1] }).filter(
			(property) =>
				!forAll.includes(property.name) &&
				!own.some(({ name, type }) => name === property.name && type === property.type),
		);
		expect(elsewhere).toEqual([]);
	});

	it.each(pairs)('%s %s shows no field twice, whatever is chosen', (resourceName, operation) => {
		const base = { resource: resourceName, operation };
		const variants = shown(base).flatMap((property) =>
			(property.type === 'boolean' ? [true, false] : valuesOf(property)).map((value) => ({
				...base,
				...(['resource', 'operation'].includes(property.name) ? {} : { [property.name]: value }),
			})),
		);
		for (const values of [base, ...variants]) {
			const names = shown(values).map(({ name }) => name);
			expect(names).toEqual([...new Set(names)]);
		}
	});
});

describe('an AI agent', () => {
	const toolDescription = { ...node.description, name: `${node.description.name}Tool` };
	const offered = (description: typeof toolDescription) =>
		valuesOf(resource).flatMap((resourceName) =>
			allOperationsOf(String(resourceName))
				.filter((property) =>
					NodeHelpers.displayParameter({ resource: resourceName }, property, aNode, description),
				)
				.flatMap(valuesOf)
				.map((operation) => `${String(resourceName)} ${String(operation)}`),
		);

	it('is offered everything but what changes a device', () => {
		const kept = pairs.filter((pair) => operationOf(...pair).isKeptFromAgents);
		expect(kept.length).toBeGreaterThan(0);
		expect(offered(node.description).sort()).toEqual(pairs.map((pair) => pair.join(' ')).sort());
		expect(offered(toolDescription).sort()).toEqual(
			pairs
				.filter((pair) => !operationOf(...pair).isKeptFromAgents)
				.map((pair) => pair.join(' '))
				.sort(),
		);
	});
});

describe('fields', () => {
	it('depend only on fields that exist, and on values these can have', () => {
		for (const { property, path, siblings } of fields) {
			const { show = {}, hide = {} } = property.displayOptions ?? {};
			for (const [name, wanted] of [...Object.entries(show), ...Object.entries(hide)]) {
				if (name === '@tool') continue;
				const level = name.startsWith('/') ? properties : siblings;
				const candidates = level.filter((field) => field.name === name.replace('/', ''));
				const possible = candidates.flatMap((candidate) =>
					candidate.type === 'boolean' ? [true, false] : valuesOf(candidate),
				);
				expect({ path, name, possible }).toEqual({
					path,
					name,
					possible: expect.arrayContaining(wanted ?? []),
				});
			}
		}
	});

	it.each(pairs)('%s %s asks for the credential of the chosen sign-in, and no other', (...pair) => {
		const asked = (authentication: string) => {
			const values = { resource: pair[0], operation: pair[1], authentication };
			return node.description.credentials!.filter((credential) =>
				NodeHelpers.displayParameter(
					NodeHelpers.getNodeParameters(properties, values, true, false, aNode, node.description)!,
					credential,
					aNode,
					node.description,
				),
			);
		};
		expect(asked('appRegistration')).toMatchObject([{ name: 'defenderLiveResponseApi' }]);
		expect(asked('oAuth2')).toMatchObject([{ name: 'defenderLiveResponseOAuth2Api' }]);
	});

	it('reading a transcript from text or a file needs no sign-in', () => {
		for (const source of ['text', 'binary']) {
			const values = { resource: 'result', operation: 'parseTranscript', source };
			expect(shown(values).map(({ name }) => name)).not.toContain('authentication');
		}
	});

	it.each(bothNodes)('the credential depends only on values that exist', ({ description }) => {
		for (const { displayOptions } of description.credentials ?? []) {
			for (const [name, wanted] of Object.entries({
				...displayOptions?.show,
				...displayOptions?.hide,
			})) {
				const possible = description.properties
					.filter((property) => property.name === name)
					.flatMap(valuesOf);
				expect(possible).toEqual(expect.arrayContaining(wanted ?? []));
			}
		}
	});

	it('of one name are of one type everywhere', () => {
		const types = new Map<string, Set<string>>();
		for (const { name, type } of bothNodes.flatMap(({ description }) => description.properties)) {
			types.set(name, (types.get(name) ?? new Set()).add(type));
		}
		expect([...types].filter(([, found]) => found.size > 1)).toEqual([]);
	});

	it('inside one collection have names of their own', () => {
		for (const { property, path } of fields) {
			if (property.type !== 'collection') continue;
			const names = (property.options ?? []).map(({ name }) => name);
			expect({ path, names }).toEqual({ path, names: [...new Set(names)] });
		}
	});

	it('have defaults that they can have', () => {
		for (const { property, path } of fields) {
			if (property.type !== 'options' && property.type !== 'multiOptions') continue;
			const preset = property.type === 'options' ? [property.default] : property.default;
			expect({ path, values: valuesOf(property) }).toEqual({
				path,
				values: expect.arrayContaining(preset as unknown[]),
			});
		}
	});

	it('the lists of locators are there, all of them and no others', () => {
		const used = (of: Field[]) => [
			...new Set(
				of.flatMap(({ property }) =>
					(property.modes ?? []).flatMap((mode) => mode.typeOptions?.searchListMethod ?? []),
				),
			),
		];
		expect(used(fields).sort()).toEqual(Object.keys(node.methods.listSearch).sort());
		expect(used(triggerFields).sort()).toEqual(Object.keys(trigger.methods.listSearch).sort());
	});

	it('locators start with the list, can be searched, and take an id', () => {
		for (const { property, path } of fields) {
			if (property.type !== 'resourceLocator') continue;
			expect({ path, preset: property.default, modes: property.modes }).toMatchObject({
				path,
				preset: { mode: 'list', value: '' },
				modes: expect.arrayContaining([
					expect.objectContaining({ name: 'id' }),
					expect.objectContaining({
						name: 'list',
						typeOptions: expect.objectContaining({ searchable: true }),
					}),
				]),
			});
		}
	});
});

describe('words', () => {
	const SMALL = /^(a|an|the|and|or|of|to|in|on|at|by|for|as|with|from|is|per)$/;
	const isTitleCase = (text: string) =>
		text.split(/[\s(]+/).every((word, at) => (at > 0 && SMALL.test(word)) || !/^[a-z]/.test(word));

	it('names of fields and choices are in title case', () => {
		const names = fields.flatMap(({ property }) => [
			property.displayName,
			...choices(property).map(({ name }) => name),
			...(property.modes ?? []).map(({ displayName }) => displayName),
		]);
		expect(names.filter((name) => !isTitleCase(name))).toEqual([]);
	});

	it('switches say "Whether to", numbers and texts give examples', () => {
		for (const [name, { property }] of named) {
			if (property.type === 'boolean') {
				expect(`${name}: ${property.description}`).toMatch(/: Whether /);
			}
			if (property.type === 'string' && property.placeholder !== undefined) {
				expect(`${name}: ${property.placeholder}`).toMatch(/: e\.g\. /);
			}
			for (const mode of property.modes ?? []) {
				const start = mode.type === 'list' ? /: Select .*…$/ : /: e\.g\. /;
				expect(`${name}: ${mode.placeholder}`).toMatch(start);
			}
		}
	});

	it('a description of one sentence has no full stop, one of several has', () => {
		const texts = fields.flatMap(({ property }) => [
			property.description,
			property.hint,
			...choices(property).map(({ description }) => description),
			...(property.modes ?? []).map(({ hint }) => hint),
		]);
		for (const text of texts) {
			if (text === undefined) continue;
			const sentences = text.split(/(?<=[a-z0-9')])\.\s+(?=[A-Z0-9'-])/).length;
			expect({ text, stop: text.endsWith('.') }).toEqual({ text, stop: sentences > 1 });
		}
	});

	it('actions are in sentence case, without articles, and name what they work on', () => {
		for (const { property } of fields) {
			if (property.name !== 'operation') continue;
			for (const { action, name } of choices(property)) {
				expect(action).toMatch(/^[A-Z][a-z ]+$/);
				expect(action).not.toMatch(/\b(a|an|the)\b/);
				expect(action!.split(' ').length).toBeGreaterThan(name.split(' ').length - 1);
			}
		}
	});

	it('choices and options are in alphabetical order', () => {
		for (const [name, { property }] of named) {
			if (!['options', 'multiOptions', 'collection'].includes(property.type)) continue;
			if (property.name === 'source') continue;
			const names = (property.options ?? []).map((option) =>
				'displayName' in option ? option.displayName : option.name,
			);
			const sorted = [...names].sort((a, b) => a.localeCompare(b, 'en'));
			expect({ name, names }).toEqual({ name, names: sorted });
		}
	});

	it("n8n's own fields have n8n's own words", () => {
		const texts = (name: string) => [
			...new Set(
				fields
					.filter(({ property }) => property.name === name)
					.map(({ property }) => `${property.displayName}: ${property.description}`),
			),
		];
		expect(texts('returnAll')).toEqual([
			'Return All: Whether to return all results or only up to a given limit',
		]);
		expect(texts('limit')).toEqual(['Limit: Max number of results to return']);
		expect(texts('simplify')).toEqual([
			'Simplify: Whether to return a simplified version of the response instead of the raw data',
		]);
	});
});

describe('the trigger', () => {
	it('is polled, has no input, and goes by the name of its file', () => {
		const { description } = trigger;
		expect(description).toMatchObject({
			name: 'defenderLiveResponseTrigger',
			displayName: 'Defender Live Response Trigger',
			version: 1,
			polling: true,
			inputs: [],
			group: ['trigger'],
			icon: node.description.icon,
		});
		expect(trigger).not.toHaveProperty('execute');
	});

	it('asks for the credential of the chosen sign-in, and no other', () => {
		const asked = (authentication: string) =>
			trigger.description.credentials!.filter((credential) =>
				NodeHelpers.displayParameter({ authentication }, credential, aNode, trigger.description),
			);
		expect(asked('appRegistration')).toMatchObject([{ name: 'defenderLiveResponseApi' }]);
		expect(asked('oAuth2')).toMatchObject([{ name: 'defenderLiveResponseOAuth2Api' }]);
	});

	it('names the fields that the node has too as the node does', () => {
		const nodeFields = fieldsOf(properties).map(({ property }) => property);
		for (const { property } of triggerFields) {
			const namesakes = nodeFields.filter(({ name }) => name === property.name);
			if (namesakes.length === 0) continue;
			expect(namesakes.map(({ displayName }) => displayName)).toContain(property.displayName);
		}
	});
});

/** What workflows store: it cannot change once the package is published. */
it('names and values are those that were published', () => {
	const stored = (property: INodeProperties): unknown => {
		const inner = (property.options ?? []).map((option) => {
			if ('value' in option) return option.value;
			return 'values' in option
				? { [option.name]: option.values.map(stored) }
				: stored(option as INodeProperties);
		});
		const modes = (property.modes ?? []).map(({ name }) => name);
		return inner.length + modes.length > 0
			? { [property.name]: [...inner, ...modes] }
			: property.name;
	};
	const byOperation = Object.fromEntries(
		pairs.map(([resourceName, operation]) => [
			`${resourceName} ${operation}`,
			operationOf(resourceName, operation).fields.map(stored),
		]),
	);
	const always = properties.filter(({ name }) => ['authentication', 'resource'].includes(name));
	expect({
		always: always.map(stored),
		...byOperation,
		trigger: trigger.description.properties.map(stored),
	}).toMatchSnapshot();
});

it('the link of Get Link is marked as sensitive, for the redaction of n8n', () => {
	expect(node.description.sensitiveOutputFields).toEqual(['link']);
});
