/**
 * The editor shows the fields of an operation's items before the first run, from the files beside the
 * node: `WRITE_SCHEMAS=1 npx jest --selectProjects integration --testPathPatterns outputSchemas` writes them
 * (then `npx prettier --write nodes`).
 */
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { contosoActions, contosoMachineId, type Emulator } from '../../emulator/emulator.mts';
import {
	prepareBinaryStore,
	removeBinaryStore,
	runNode,
	type NodeRun,
} from '../support/engine.mts';
import { worldNow } from '../support/instantClock.mts';
import { repository } from '../support/markdown.mts';
import { operationPairs } from '../support/operations.mts';
import { outputSchema, type Schema } from '../support/outputSchema.mts';
import { byId } from '../support/resourceLocator.mts';
import { StoredCredential } from '../support/storedCredential.mts';
import { startTestEmulator } from '../support/testEmulator.mts';
import { rows } from './faults/rows.mts';

jest.mock('../../nodes/DefenderLiveResponse/limits/clock', () =>
	jest.requireActual('../support/instantClock.mts'),
);

const FOLDER = 'nodes/DefenderLiveResponse/__schema__/v1.0.0';
const fileOf = (resource: string, operation: string) =>
	path.join(repository, FOLDER, resource, `${operation}.json`);

let emulator: Emulator;

beforeAll(async () => {
	await prepareBinaryStore();
	emulator = await startTestEmulator({
		clock: worldNow,
		// The fields of an item are the same in both profiles; what can be told of a device is not.
		deviceLookup: { passingNotFound: 0, availableActions: true },
		contoso: { oddActions: false, sharedNames: false },
		endings: { cancelComesLate: false },
		lag: { action: 0, list: 0, link: 0 },
	});
	await emulator.settled();
	emulator.tenant.actions.add({
		machineId: contosoMachineId('pc-fin-015.contoso.example'),
		status: 'InProgress',
		commands: [{ type: 'RunScript', scriptName: 'triage.ps1' }],
	});
});

afterAll(async () => {
	await emulator.stop();
	removeBinaryStore();
});

const device = byId(contosoMachineId('pc-fin-014.contoso.example'));
const actions = Object.values(contosoActions);
const transcripts = [contosoActions.realTranscript, contosoActions.exitCodeOne];
const scripts = ['triage.ps1', 'fails.ps1', 'unsigned.ps1'];

/** Runs of an operation that show what can stand in a field, beside those of the fault matrix. */
const samples: Record<string, Array<Record<string, unknown>>> = {
	'liveResponse: runScript': scripts.map((name) => ({ machineId: device, scriptName: byId(name) })),
	'liveResponse: runCommands': scripts.map((scriptName) => ({
		machineId: device,
		commands: { command: [{ type: 'RunScript', scriptName }] },
	})),
	'result: parseTranscript': transcripts.map((id) => ({ machineActionId: byId(id) })),
	'machineAction: get': actions.map((id) => ({ machineActionId: byId(id) })),
	'machineAction: getAll': [{ returnAll: true, filters: {} }],
	'machineAction: wait': actions.map((id) => ({ machineActionId: byId(id) })),
	'machine: getAll': [{ returnAll: true, filters: {} }],
	'connection: report': [{}],
	'connection: check': [
		{},
		{ machineId: device },
		{ machineId: byId(contosoMachineId('pc-fin-015.contoso.example')) },
	],
};

async function itemsOf(name: string): Promise<object[]> {
	const [resource, operation] = name.split(': ');
	const prepared = await Promise.all(
		rows.filter((row) => row.operation === name).map(async (row) => await row.prepare(emulator)),
	);
	const runs = [
		...prepared.map(({ items, parameters }) => ({ items, parameters })),
		...(samples[name] ?? []).map((parameters) => ({
			parameters: { resource, operation, comment: 'Ticket 4711', options: {}, ...parameters },
		})),
	] as Array<Pick<NodeRun, 'items' | 'parameters'>>;
	const json: object[] = [];
	for (const run of runs) {
		const { items, error } = await runNode({
			...run,
			credential: new StoredCredential(emulator.credential),
		});
		expect(error).toBeUndefined();
		json.push(...items.map((item) => item.json));
	}
	return json;
}

it.each(operationPairs)('%s / %s: the editor shows the fields of its items', async (...pair) => {
	const items = await itemsOf(pair.join(': '));
	expect(items.length).toBeGreaterThan(0);
	const file = fileOf(...pair);
	const schema = outputSchema(items);
	if (process.env.WRITE_SCHEMAS === '1') {
		mkdirSync(path.dirname(file), { recursive: true });
		writeFileSync(file, `${JSON.stringify(schema, null, '\t')}\n`);
	}
	expect(existsSync(file)).toBe(true);
	expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(schema);
});

it('there is a file for each operation and no other', () => {
	const files = globSync(`${FOLDER}/**/*.json`, { cwd: repository }).map((file) =>
		path.join(repository, file),
	);
	expect(files.sort()).toEqual(operationPairs.map((pair) => fileOf(...pair)).sort());
});

it('the fields that people came for are among them, with the type that they have', () => {
	const { properties } = JSON.parse(
		readFileSync(fileOf('liveResponse', 'runScript'), 'utf8'),
	) as Schema;
	expect(properties).toMatchObject({
		exit_code: { type: 'integer' },
		output: { type: 'string' },
		error: { type: ['string', 'null'] },
	});
});
