import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';

import {
	startEmulator,
	type CredentialValues,
	type Emulator,
	type EmulatorOptions,
} from '../../emulator/emulator.mts';
import { harshInRealTime } from '../../emulator/profiles.mts';
import type { FinishedExecution } from '../../playground/n8n/execution.mts';
import { N8nSession } from '../../playground/n8n/session.mts';
import { N8nClient } from '../../playground/n8n/n8nClient.mts';
import { onItems } from '../../playground/n8n/workflowFile.mts';
import {
	credentialType,
	liveResponse,
	liveResponseName,
	oneResult,
	signedInBy,
} from '../../playground/packageNodes.mts';
import { sharedN8n } from './sharedN8n.mts';

/** The name of the node under test in every workflow of a testBed. */
export const nodeName = liveResponseName;

/** A workflow with one Defender Live Response node. */
export interface TestWorkflow {
	/** The items that reach the node. */
	readonly items: IDataObject[];
	/** Default: parse the transcript of each item's machine action. */
	readonly parameters?: INodeParameters;
	/** The node's settings, such as `retryOnFail`. */
	readonly settings?: Partial<
		Pick<INode, 'onError' | 'retryOnFail' | 'maxTries' | 'waitBetweenTries'>
	>;
	/** Default: client secret. */
	readonly credential?: CredentialValues;
}

/** n8n and a Defender tenant of its own for one test file. */
export interface TestBed {
	readonly emulator: Emulator;
	readonly client: N8nClient;
	/** Creates the workflow and runs it to its end. */
	run(workflow: TestWorkflow): Promise<FinishedExecution>;
	stop(): Promise<void>;
}

export interface TestBedOptions {
	/** Default: the harsh profile, with lags of seconds. */
	readonly emulator?: EmulatorOptions;
	/** Default: the n8n that the end-to-end tests share. */
	readonly client?: N8nClient;
}

export async function openTestBed(options: TestBedOptions = {}): Promise<TestBed> {
	const client = options.client ?? new N8nClient(await N8nSession.open(sharedN8n.url()));
	const emulator = await startEmulator({ ...harshInRealTime, ...options.emulator });
	let runs = 0;
	return {
		emulator,
		client,
		run: async (workflow) => {
			const name = `${emulator.apiUrl} ${(runs += 1)}`;
			await client.saveCredential(credentialType, name, {
				...(workflow.credential ?? emulator.credential),
			});
			const { items, parameters = resultParameters('parseTranscript'), settings } = workflow;
			const step = liveResponse(parameters, { ...signedInBy(name), ...settings });
			return await client.run(await client.saveWorkflow(onItems(name, items, [step])));
		},
		stop: async () => await emulator.stop(),
	};
}

/** Parameters for one operation on the machine action that the item names. */
export const resultParameters = (operation: string, more: INodeParameters = {}): INodeParameters =>
	oneResult(operation, '={{ $json.machineActionId }}', more);
