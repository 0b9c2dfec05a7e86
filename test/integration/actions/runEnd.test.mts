/** What ends a node run before all items were served: nothing more is started. */
import { WorkflowExpression, type INodeParameters } from 'n8n-workflow';

import type { Emulator } from '../../../emulator/emulator.mts';
import {
	prepareBinaryStore,
	removeBinaryStore,
	runNode,
	type NodeRun,
} from '../../support/engine.mts';
import { setWrongBy, systemClock } from '../../support/instantClock.mts';
import { StoredCredential } from '../../support/storedCredential.mts';
import { startTestEmulator } from '../../support/testEmulator.mts';
import { byId } from '../../support/resourceLocator.mts';

jest.mock('../../../nodes/DefenderLiveResponse/limits/clock', () =>
	jest.requireActual('../../support/instantClock.mts'),
);

let emulator: Emulator;

beforeAll(prepareBinaryStore);
afterAll(removeBinaryStore);

beforeEach(async () => {
	emulator = await startTestEmulator({
		clock: systemClock.now,
		deviceLookup: { passingNotFound: 0 },
		signIn: { tokensWithoutRoles: 0 },
	});
});

afterEach(async () => {
	setWrongBy(0);
	await emulator.stop();
});

const starts = () => emulator.requests.matching(/runliveresponse/);

function devices(count: number) {
	return Array.from({ length: count }, (_, at) => {
		const computerDnsName = `many-${at}.contoso.example`;
		return emulator.tenant.machines.add({ computerDnsName });
	});
}

const runScript = async (items: NodeRun['items'], options: INodeParameters = {}, more = {}) =>
	await runNode({
		parameters: {
			resource: 'liveResponse',
			operation: 'runScript',
			machineId: byId('={{ $json.id }}'),
			scriptName: byId('={{ $json.script ?? "triage.ps1" }}'),
			options,
		},
		items,
		credential: new StoredCredential(emulator.credential),
		...more,
	});

describe('an item that is rejected, without Retry On Fail and Continue', () => {
	it('before any call starts nothing for the others', async () => {
		const items = devices(25).map((id) => ({ json: { id } }));
		Object.assign(items[0].json, { script: '' });
		const { status } = await runScript(items);
		expect(status).toBe('error');
		expect(starts()).toEqual([]);
	});

	it('starts nothing for hundreds that come before it', async () => {
		const items = devices(400).map((id) => ({ json: { id } }));
		Object.assign(items[399].json, { script: '' });
		const { status } = await runScript(items);
		expect(status).toBe('error');
		expect(emulator.requests.matching(/./, 'api')).toEqual([]);
	});

	it('starts nothing that waits for its batch', async () => {
		const items = devices(6).map((id) => ({ json: { id } }));
		Object.assign(items[2].json, { script: '' });
		const batching = { batch: { batchSize: 2, batchInterval: 60_000 } };
		const { error } = await runScript(items, { batching });
		expect(error?.message).not.toContain('canceled');
		expect(starts().length).toBeLessThanOrEqual(2);
	});

	it('starts nothing that waits for a limit, and names what was started', async () => {
		const items = devices(40).map((id) => ({ json: { id } }));
		emulator.faults.order({ kind: 'forbidden', path: /runliveresponse/, skip: 3 });
		const { error } = await runScript(items);
		const ids = emulator.tenant.actions.all
			.filter(({ requestorComment }) => requestorComment?.includes('[n8n'))
			.map(({ id }) => id);
		expect(error).toMatchObject({ httpCode: '403' });
		expect(ids.length).toBeGreaterThan(0);
		expect(starts().length).toBeLessThanOrEqual(10);
		for (const id of ids) expect(error?.description).toContain(id);
	});

	it.each([
		['Retry On Fail', { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 }],
		['Continue', { onError: 'continueRegularOutput' }],
	])('but with %s the others run', async (_case, settings) => {
		const items = devices(5).map((id) => ({ json: { id } }));
		Object.assign(items[0].json, { script: '' });
		await runScript(items, {}, { settings });
		expect(starts()).toHaveLength(4);
	});
});

it('while hundreds of items begin, n8n does other things in between', async () => {
	const begun = new Set<number>();
	const began: number[] = [];
	const { getParameterValue } = WorkflowExpression.prototype;
	const read = jest.spyOn(WorkflowExpression.prototype, 'getParameterValue');
	read.mockImplementation(function (this: WorkflowExpression, ...given) {
		begun.add(given[3]);
		return getParameterValue.apply(this, given);
	});
	let other: NodeJS.Immediate;
	const doOtherThings = () => {
		began.push(begun.size);
		other = setImmediate(doOtherThings);
	};
	try {
		doOtherThings();
		const items = Array.from({ length: 400 }, () => ({ json: { id: '', script: '' } }));
		await runScript(items, {}, { settings: { onError: 'continueRegularOutput' } });
	} finally {
		began.push(begun.size);
		clearImmediate(other!);
		read.mockRestore();
	}
	expect(begun.size).toBe(400);
	const atOnce = began.slice(1).map((items, turn) => items - began[turn]);
	expect(Math.max(...atOnce)).toBeLessThanOrEqual(2 * 20);
});

describe('a clock of n8n that is wrong', () => {
	it.each([
		['3 minutes ahead', 180_000],
		['3 minutes behind', -180_000],
	])('by %s does no harm when lists lag by a minute', async (_case, wrongBy) => {
		emulator.configure({ lag: { action: 60, list: 60 } });
		setWrongBy(wrongBy);
		const { items, error } = await runScript(devices(3).map((id) => ({ json: { id } })));
		expect(error?.message).toBeUndefined();
		expect(items.map(({ json }) => json.exit_code)).toEqual([0, 0, 0]);
		expect(starts()).toHaveLength(3);
	});
});
