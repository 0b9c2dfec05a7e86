/** Every field of every operation and of the trigger, given whatever an expression may give. */
import type { IExecuteFunctions, IPollFunctions } from 'n8n-workflow';

import { DefenderLiveResponse } from '../../../nodes/DefenderLiveResponse/DefenderLiveResponse.node';
import { DefenderLiveResponseTrigger } from '../../../nodes/DefenderLiveResponse/DefenderLiveResponseTrigger.node';
import { someNode } from '../../support/expressions.mts';
import { fieldPaths, type FieldPath } from '../../support/fieldPaths.mts';
import { operationOf, operationPairs } from '../../support/operations.mts';
import { rows, rowOfType } from './valueRows.mts';
import { VALUES, type ValueName } from './values.mts';

jest.mock('../../../nodes/DefenderLiveResponse/limits/clock', () =>
	jest.requireActual('../../support/instantClock.mts'),
);

const file = { mimeType: 'text/plain', fileName: 'triage.ps1', data: 'aGk=' };

const credential = {
	cloud: 'global',
	region: 'auto',
	tenantId: '11a86b87-12b8-423b-9e8d-9775ab2da78f',
	clientId: '21a86b87-12b8-423b-9e8d-9775ab2da78f',
	authentication: 'clientSecret',
	clientSecret: 'secret',
	callsPerMinute: 1_000_000,
	callsPerHour: 1_000_000,
};

/** What an operation needs besides the field that is looked at. */
const OTHERS: Record<string, unknown> = {
	machineId: { mode: 'id', value: '1e5bc9d7e413ddd7902c2932e418702b84d0cc07' },
	machineActionId: { mode: 'id', value: '11a86b87-12b8-423b-9e8d-9775ab2da78f' },
	scriptName: { mode: 'id', value: 'triage.ps1' },
	libraryFileName: { mode: 'id', value: 'tool.exe' },
	filePath: '/var/log/syslog',
	transcriptText: '{}',
	tag: 'Sweep',
	sha1: '3395856ce81f2b7382dee72602f798b642f14140',
	campaignKey: 'sweep',
	startsAt: new Date().toISOString(),
	commands: { command: [{ type: 'RunScript', scriptName: 'triage.ps1' }] },
};

const COMMAND: Record<string, unknown> = {
	'commands.command.scriptName': 'triage.ps1',
	'commands.command.libraryFileName': 'tool.exe',
	'commands.command.filePath': '/var/log/syslog',
};

/** A campaign needs a filter beside the one that is looked at. */
const neededOf = (resource: string, values: Record<string, unknown>) =>
	resource === 'campaign' && !Object.hasOwn(values, 'filters') ? { 'filters.tag': 'Sweep' } : {};

const isList = (path: string) => path === 'commands.command';

/** Parameters with the values of these paths. */
function parametersOf(values: Record<string, unknown>): Record<string, unknown> {
	const parameters: Record<string, unknown> = {};
	for (const [path, value] of Object.entries(values)) {
		const steps = path.split('.');
		let at = parameters;
		for (const step of steps.slice(0, -1)) {
			at[step] ??= {};
			at = at[step] as Record<string, unknown>;
		}
		at[steps.at(-1)!] = value;
	}
	return parameters;
}

/** What became of it: the message when it was rejected before any call, null when it was taken. */
async function outcomeOf(
	run: (functions: IExecuteFunctions & IPollFunctions) => Promise<unknown>,
	given: Record<string, unknown>,
	parameterOf: (args: unknown[]) => [string, unknown],
): Promise<{ message: string | null; description: string }> {
	let calls = 0;
	const node = { ...someNode, parameters: {} };
	const functions = {
		getNode: () => node,
		getMode: () => 'trigger',
		getInputData: () => [{ json: {}, binary: { data: file } }],
		getExecutionCancelSignal: () => undefined,
		getExecutionId: () => '1',
		getInstanceId: () => 'instance',
		getWorkflow: () => ({ id: 'workflow' }),
		getWorkflowDataProxy: () => ({ $runIndex: 0 }),
		getWorkflowStaticData: () => ({}),
		getTimezone: () => 'UTC',
		getExecuteData: () => ({}),
		continueOnFail: () => false,
		addExecutionHints: () => {},
		getCredentials: async () => credential,
		getNodeParameter: (...args: unknown[]) => {
			const [name, fallback] = parameterOf(args);
			return Object.hasOwn(given, name) ? given[name] : fallback;
		},
		helpers: {
			assertBinaryData: () => file,
			getBinaryDataBuffer: async () => Buffer.from('hi'),
			httpRequestWithAuthentication: async () => {
				calls++;
				return { statusCode: 403, headers: {}, body: { error: { code: 'Forbidden' } } };
			},
		},
	};
	try {
		await run(functions as unknown as IExecuteFunctions & IPollFunctions);
		return { message: null, description: '' };
	} catch (error) {
		const { message, description } = error as { message: string; description?: string };
		return { message: calls > 0 ? null : message, description: description ?? '' };
	}
}

type Outcome = Awaited<ReturnType<typeof outcomeOf>>;

interface Subject {
	where: string;
	fields: FieldPath[];
	give(values: Record<string, unknown>): Promise<Outcome>;
}

const subjects: Subject[] = [
	...operationPairs.map(([resource, operation]): Subject => ({
		where: `${resource}.${operation}`,
		fields: fieldPaths(operationOf(resource, operation).fields),
		give: async (values) =>
			await outcomeOf(
				async (functions) => await new DefenderLiveResponse().execute.call(functions),
				{
					...OTHERS,
					...parametersOf({ ...neededOf(resource, values), ...values }),
					resource,
					operation,
				},
				([name, , fallback]) => [String(name), fallback],
			),
	})),
	{
		where: 'trigger',
		fields: fieldPaths(new DefenderLiveResponseTrigger().description.properties),
		give: async (values) =>
			await outcomeOf(
				async (functions) => await new DefenderLiveResponseTrigger().poll.call(functions),
				parametersOf(values),
				([name, fallback]) => [String(name), fallback],
			),
	},
];

/** A command as the user has set it up, when one of its fields is looked at. */
function withCommand(path: string, values: Record<string, unknown>): Record<string, unknown> {
	if (!path.startsWith('commands.command.')) return values;
	const entry = { ...COMMAND, ...values };
	const { commands } = parametersOf(entry) as { commands: { command: unknown } };
	return { commands: { command: [commands.command] } };
}

const cases = subjects.flatMap(({ where, fields, give }) =>
	fields
		.filter(({ path }) => !isList(path))
		.map(({ path, field, shownWith }) => ({ where, path, field, shownWith, give })),
);

const keyOf = ({ where, path }: { where: string; path: string }) =>
	[`${where} ${path}`, path].find((key) => Object.hasOwn(rows, key));

function rowFor({ where, path, field }: Pick<(typeof cases)[number], 'where' | 'path' | 'field'>) {
	const key = keyOf({ where, path });
	return key === undefined ? rowOfType[field.type] : rows[key];
}

it('every field has a row, and every row a field', () => {
	const without = cases.filter((found) => rowFor(found) === undefined);
	expect(without.map(({ where, path }) => `${where} ${path}`)).toEqual([]);
	const used = new Set(cases.map(keyOf).filter((key) => key !== undefined));
	expect(Object.keys(rows).filter((key) => !used.has(key))).toEqual([]);
	expect(cases.length).toBeGreaterThan(150);
});

it.each(cases)('$where: $path', async ({ where, path, field, shownWith, give }) => {
	const expected = rowFor({ where, path, field })!(field.displayName);
	const got: Partial<Record<ValueName, string | null>> = {};
	for (const [name, value] of Object.entries(VALUES) as Array<[ValueName, unknown]>) {
		const outcome = await give(withCommand(path, { ...shownWith, [path]: value }));
		got[name] = outcome.message;
		for (const text of [outcome.message ?? '', outcome.description]) {
			expect(text).not.toContain('secret-value');
			expect(text).not.toContain('[object');
		}
	}
	expect(got).toEqual(expected);
});
