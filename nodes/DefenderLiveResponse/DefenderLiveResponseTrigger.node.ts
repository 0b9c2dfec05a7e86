import {
	NodeConnectionTypes,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
} from 'n8n-workflow';

import { authentication, credentialsFor } from './descriptions/authentication';
import { triggerProperties } from './descriptions/trigger';
import { searchLibraryFiles, searchMachines } from './methods/listSearch';
import { poll } from './trigger/poll';

export class DefenderLiveResponseTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Defender Live Response Trigger',
		name: 'defenderLiveResponseTrigger',
		icon: { light: 'file:defenderLiveResponse.svg', dark: 'file:defenderLiveResponse.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle:
			'={{ $parameter["startedBy"] === "thisApp" ? "Live response of this app ended" : "Live response ended" }}',
		// The node creator shows it for the node and the trigger together.
		description:
			'Run scripts and get files on devices with Microsoft Defender for Endpoint, or start a workflow when a live response has ended',
		eventTriggerDescription: 'Waiting for a live response to end',
		defaults: { name: 'Defender Live Response Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: credentialsFor(),
		properties: [authentication, ...triggerProperties],
	};

	methods = { listSearch: { searchLibraryFiles, searchMachines } };

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await poll(this);
	}
}
