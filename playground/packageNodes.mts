/** The nodes of this package as workflows hold them. */
import type { INodeParameters } from 'n8n-workflow';

import { byId } from '../test/support/resourceLocator.mts';
import { packageName } from './communityPackage.mts';
import type { Step } from './n8n/workflowFile.mts';

export const credentialType = 'defenderLiveResponseApi';

/** The name that the examples and the workflows of the playground use for the credential. */
export const credentialName = 'Defender Live Response account';

/** The name that n8n gives the node. */
export const liveResponseName = 'Defender Live Response';

/** The name that n8n gives the trigger. */
export const triggerName = 'Defender Live Response Trigger';

/** The setting of a step by which it signs in. */
export const signedInBy = (credential: string): Pick<Step, 'credentials'> => ({
	credentials: { [credentialType]: { id: '', name: credential } },
});

/** A Defender Live Response node. `more` overrides its name, credential and settings. */
export const liveResponse = (parameters: INodeParameters, more: Partial<Step> = {}): Step => ({
	name: liveResponseName,
	type: `${packageName}.defenderLiveResponse`,
	typeVersion: 1,
	parameters: { authentication: 'appRegistration', ...parameters },
	...signedInBy(credentialName),
	...more,
});

/** A Defender Live Response Trigger, for live responses that anyone has started, with their results. */
export const liveResponseTrigger = (
	parameters: INodeParameters = {},
	more: Partial<Step> = {},
): Step => ({
	name: triggerName,
	type: `${packageName}.defenderLiveResponseTrigger`,
	typeVersion: 1,
	parameters: {
		authentication: 'appRegistration',
		startedBy: 'anyone',
		includeResults: true,
		...parameters,
	},
	...signedInBy(credentialName),
	...more,
});

/** A transcript parsed, or another operation on one result of the machine action. */
export const oneResult = (
	operation: string,
	machineActionId: string,
	more: INodeParameters = {},
): INodeParameters => ({
	resource: 'result',
	operation,
	source: 'machineAction',
	machineActionId: byId(machineActionId),
	allCommands: false,
	commandIndex: 0,
	options: {},
	...more,
});
