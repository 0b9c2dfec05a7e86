/** The node as an agent's tool: what the model reads of a call that failed. */
import { contosoMachineId, type Emulator } from '../../../emulator/emulator.mts';
import { callTool, type AgentKind } from '../../support/agentOnEngine.mts';
import { StoredCredential } from '../../support/storedCredential.mts';
import { shareEmulator } from './sharedEmulator.mts';

const twinName = 'pc-twin.contoso.example';
const twins: string[] = [];

let emulator: Emulator;

shareEmulator((started) => {
	emulator = started;
	twins.push(...[1, 2].map(() => emulator.tenant.machines.add({ computerDnsName: twinName })));
});

const kinds: AgentKind[] = ['agent 2.2', 'agent 3'];

const call = async (kind: AgentKind, parameters: object, more: object = {}) =>
	await callTool({
		kind,
		parameters: { options: {}, ...parameters },
		credential: new StoredCredential(emulator.credential),
		...more,
	});

const device = (mode: string, value: string) => ({
	resource: 'machine',
	operation: 'get',
	machineId: { __rl: true, mode, value },
});

describe.each(kinds)('with %s', (kind) => {
	it('a model is given the items', async () => {
		const id = contosoMachineId('pc-fin-014.contoso.example');
		const { told, error } = await call(kind, device('id', id));
		expect(error).toBeUndefined();
		expect(told).toContain('pc-fin-014.contoso.example');
	});

	it('a model is told which devices have a name, so that it can choose', async () => {
		const { told, error } = await call(kind, device('name', twinName));
		expect(told).toContain(
			'Several devices have this DNS name. It is not clear which one is meant',
		);
		for (const id of twins) expect(told).toContain(id);
		expect(told).toContain(error!.description);
		expect(told).not.toContain('Details:');
		expect(error?.context?.details).toMatchObject({ code: 'deviceAmbiguous' });
	});

	it('a model is told the next step once', async () => {
		const { told, error } = await call(kind, device('name', ''));
		expect(told.split(error!.description!)).toHaveLength(2);
		expect(told).not.toContain('Details:');
	});

	it.each(['advance', 'getStatus', 'getResults', 'cancel'])(
		'a model that is given a campaign to %s is told what to do instead',
		async (operation) => {
			const { told, error } = await call(kind, { resource: 'campaign', operation });
			expect(told).toContain('An AI agent cannot use this operation');
			expect(told).toContain('It changes devices, or belongs to a campaign');
			expect(error?.context?.details).toMatchObject({ code: 'notAllowed' });
		},
	);

	it.each([
		['libraryFile', 'upload'],
		['result', 'parseTranscript'],
	])('%s: %s cannot be given a file, and says so', async (resource, operation) => {
		const parameters = { resource, operation, source: 'binary', binaryPropertyName: 'data' };
		const { told } = await call(kind, parameters);
		expect(told).not.toContain('Unexpected error');
		expect(told).toContain(
			kind === 'agent 2.2' ? 'names a file, and a tool gets none' : 'contain a binary file',
		);
	});

	it('called outside of executions, as the MCP trigger does, it starts a run for each call', async () => {
		const id = emulator.tenant.machines.add({ computerDnsName: `pc-mcp-${kind}.contoso.example` });
		const parameters = {
			resource: 'machine',
			operation: 'get',
			machineId: { __rl: true, mode: 'id', value: id },
		};
		const read = await call(kind, parameters, { outsideExecutions: true });
		expect(read.error).toBeUndefined();
		const ids = new Set<string>();
		for (let calls = 0; calls < 2; calls++) {
			const { told, error } = await call(
				kind,
				{
					...parameters,
					resource: 'liveResponse',
					operation: 'runScript',
					scriptName: { __rl: true, mode: 'id', value: 'triage.ps1' },
					comment: 'Alert 4711',
					waitForCompletion: false,
				},
				{ outsideExecutions: true },
			);
			expect(error).toBeUndefined();
			ids.add(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(told)![0]);
			emulator.advance(600);
		}
		expect(ids.size).toBe(2);
	});

	it('with On Error: Continue a model is given message and code as an item', async () => {
		const { told, error } = await call(kind, device('name', ''), {
			settings: { onError: 'continueRegularOutput' },
		});
		expect(error).toBeUndefined();
		const [item] = JSON.parse(told) as Array<{ error: string; details: { code: string } }>;
		expect(item.error).toMatch(/^'Device' is empty\. Choose a device/);
		expect(item.details.code).toBe('invalidInput');
	});
});
