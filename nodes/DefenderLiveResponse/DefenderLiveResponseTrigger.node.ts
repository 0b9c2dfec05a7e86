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
			'={{ $parameter["startedBy"] === "thisApp" ? "live response of this app ended" : "live response ended" }}',
		description:
			'Starts the workflow when a live response of Microsoft Defender for Endpoint has ended, with its results',
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
