/**
 * What most integration tests begin with: an emulated tenant whose clock runs by waiting, its
 * credential, and for each test a node of a process of its own, which remembers nothing of those before.
 * Each export is that of the running test. The file itself has to mock the clock of the node.
 */
import type { INodeParameters, INodeType } from 'n8n-workflow';

import type { Emulator, EmulatorOptions } from '../../emulator/emulator.mts';
import {
	prepareBinaryStore,
	removeBinaryStore,
	runNode,
	type NodeRun,
	type NodeRunResult,
} from './engine.mts';
import { systemClock } from './instantClock.mts';
import { startProcess } from './nodeProcess.mts';
import { processedData } from './processedData.mts';
import { StoredCredential } from './storedCredential.mts';
import { startTestEmulator } from './testEmulator.mts';

export let emulator: Emulator;
export let credential: StoredCredential;
export let node: INodeType;

/** Of a run, beside its parameters. */
export type More = Partial<Omit<NodeRun, 'parameters'>>;

/** Runs the node with the credential of the tenant. */
export const runOnTenant = async (
	parameters: INodeParameters,
	more: More = {},
): Promise<NodeRunResult> => await runNode({ parameters, credential, node, ...more });

/** A tenant for each test. */
export function tenantForEachTest(options: EmulatorOptions = {}): void {
	beforeAll(prepareBinaryStore);
	afterAll(removeBinaryStore);
	beforeEach(async () => {
		await openTenant(options);
		openProcess();
	});
	afterEach(async () => await emulator?.stop());
}

/** One tenant for all tests of the file; faults and noted requests are those of the test. */
export function tenantForAllTests(options: EmulatorOptions = {}): void {
	beforeAll(async () => {
		await prepareBinaryStore();
		await openTenant(options);
	});
	afterAll(async () => {
		await emulator?.stop();
		removeBinaryStore();
	});
	beforeEach(() => {
		emulator.requests.clear();
		emulator.faults.clear();
		openProcess();
	});
}

/** As after a restart of n8n: what its process knew is gone, what n8n stored is there. */
export function restartProcess(): void {
	node = startProcess();
}

async function openTenant(options: EmulatorOptions): Promise<void> {
	emulator = await startTestEmulator({ clock: systemClock.now, ...options });
	credential = new StoredCredential(emulator.credential);
}

function openProcess(): void {
	processedData.reset();
	restartProcess();
}
