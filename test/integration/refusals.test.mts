/** Every code of a failed item, met in each way in which n8n hands it on. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Emulator } from '../../emulator/emulator.mts';
import type { RefusalFacts } from '../../nodes/DefenderLiveResponse/domain/refusalCode';
import { callTool, type AgentKind } from '../support/agentOnEngine.mts';
import { prepareBinaryStore, removeBinaryStore, runNode } from '../support/engine.mts';
import { worldNow } from '../support/instantClock.mts';
import { StoredCredential } from '../support/storedCredential.mts';
import { startTestEmulator } from '../support/testEmulator.mts';
import { OWN_DEVICE, refusalRows, twinName, type Fact, type RefusalRow } from './refusals/rows.mts';

jest.mock('../../nodes/DefenderLiveResponse/limits/clock', () =>
	jest.requireActual('../support/instantClock.mts'),
);

let emulator: Emulator;

beforeAll(async () => {
	await prepareBinaryStore();
	emulator = await startTestEmulator({
		clock: worldNow,
		// Faults are ordered for the call that a row is about, and would meet the 404 instead.
		deviceLookup: { passingNotFound: 0 },
		signIn: { tokensWithoutRoles: 0 },
		limits: { callsPerMinute: 100_000, callsPerHour: 1e6, runsPerMinute: 10_000 },
	});
	for (const _twin of [1, 2]) emulator.tenant.machines.add({ computerDnsName: twinName });
});

afterAll(async () => {
	await emulator.stop();
	removeBinaryStore();
});

afterEach(() => emulator.faults.clear());

/** The tenant as the row needs it. @returns what is to be run on it */
function prepared(row: RefusalRow): { parameters: INodeParameters; credential: StoredCredential } {
	const machineId = emulator.tenant.machines.add();
	row.prepare?.(emulator, machineId);
	if (row.fault) emulator.faults.order(row.fault);
	const parameters = JSON.parse(
		JSON.stringify({ ...row.parameters, options: { pollIntervalSeconds: 5, ...row.options } }),
	) as INodeParameters;
	const locator = parameters.machineId as { value?: string } | undefined;
	if (locator?.value === OWN_DEVICE) locator.value = machineId;
	return {
		parameters,
		credential: new StoredCredential({ ...emulator.credential, ...row.credential }),
	};
}

const stopSoon = (row: RefusalRow) =>
	row.isStopped ? { started: (stop: () => void) => void setTimeout(stop, 300) } : {};

function assertFacts(row: RefusalRow, details: unknown): void {
	const { code, ...facts } = details as RefusalFacts & { code: string } & IDataObject;
	expect(code).toBe(row.code);
	for (const fact of row.facts ?? []) expect(facts[fact]).toEqual(WRITTEN[fact]);
}

const WRITTEN: Record<Fact, unknown> = {
	machineActionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
	apiCode: expect.stringMatching(/^[A-Z]/),
	exit_code: 1,
	output: expect.stringContaining('Stopping service'),
	error: expect.stringContaining('Access is denied'),
};

const table = refusalRows.map((row) => [row.code, row] as const);

it.each(table)('%s: On Error: Continue gives an item with the code', async (_code, row) => {
	const { items } = await runNode({
		...prepared(row),
		...stopSoon(row),
		settings: { onError: 'continueRegularOutput' },
	});
	expect(items).toHaveLength(1);
	expect(items[0].json.error).toEqual(expect.any(String));
	assertFacts(row, items[0].json.details);
});

it.each(table)('%s: the error output gets an item with the code', async (_code, row) => {
	const { outputs } = await runNode({
		...prepared(row),
		...stopSoon(row),
		settings: { onError: 'continueErrorOutput' },
	});
	expect(outputs.map((items) => items.length)).toEqual([0, 1]);
	assertFacts(row, outputs[1][0].json.details);
});

it.each(table)('%s: a node that stops with the error stores the code with it', async (_, row) => {
	const { error } = await runNode({ ...prepared(row), ...stopSoon(row) });
	assertFacts(row, error?.context?.details);
});

const agents: AgentKind[] = ['agent 2.2', 'agent 3'];

/** When a tool of version 2.2 is stopped, n8n says so in its own words. */
const reachesAgent = (kind: AgentKind, row: RefusalRow) => kind === 'agent 3' || !row.isStopped;

describe.each(agents)('as a tool of %s', (kind) => {
	it.each(table.filter(([, row]) => reachesAgent(kind, row)))(
		'%s: the model reads what to do, once',
		async (_code, row) => {
			const { told, error } = await callTool({ kind, ...prepared(row), ...stopSoon(row) });
			assertFacts(row, error?.context?.details);
			if (row.isStopped) return;
			const description = String(error?.description);
			expect(told.split(JSON.stringify(description).slice(1, -1))).toHaveLength(2);
			expect(told).not.toContain('Details:');
		},
	);
});

it('a wait that fails says of each item which machine action it waited for', async () => {
	const ids = [1, 2].map(() =>
		emulator.tenant.actions.add({
			status: 'InProgress',
			commands: [{ type: 'RunScript', scriptName: 'slow.ps1', status: 'Created' }],
		}),
	);
	// The first list is that of what is waited for.
	emulator.faults.order({
		kind: 'serverError',
		path: /\/machineactions\?/,
		skip: 1,
		count: Infinity,
	});
	const { items } = await runNode({
		parameters: {
			resource: 'machineAction',
			operation: 'wait',
			machineActionId: { __rl: true, mode: 'id', value: '={{ $json.id }}' },
			options: {},
		},
		items: ids.map((id) => ({ json: { id } })),
		credential: new StoredCredential(emulator.credential),
		settings: { onError: 'continueRegularOutput' },
	});
	expect(items.map(({ json }) => json.details)).toMatchObject(
		ids.map((machineActionId) => ({ code: 'apiError', machineActionId })),
	);
});
