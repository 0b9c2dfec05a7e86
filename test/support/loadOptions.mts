/** Runs the list searches of the resource locators as n8n does for the editor. */
import { LoadOptionsContext } from 'n8n-core';
import {
	NodeApiError,
	Workflow,
	type INodeListSearchResult,
	type INodeTypes,
	type IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';

import { DefenderLiveResponse } from '../../nodes/DefenderLiveResponse/DefenderLiveResponse.node';
import { ConnectedUser } from './connectedUser.mts';
import type { StoredCredential } from './storedCredential.mts';

const node = new DefenderLiveResponse();
const nodeTypes = {
	getByName: () => node,
	getByNameAndVersion: () => node,
	getKnownTypes: () => ({}),
} as unknown as INodeTypes;

export type ListSearchMethod = keyof DefenderLiveResponse['methods']['listSearch'];

export async function searchList(
	method: ListSearchMethod,
	credential: StoredCredential | ConnectedUser,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const parameters = {
		authentication: credential instanceof ConnectedUser ? 'oAuth2' : 'appRegistration',
	};
	const workflow = new Workflow({
		nodes: [
			{
				id: 'uuid-1234',
				name: 'Temp-Node',
				type: 'test.defenderLiveResponse',
				typeVersion: 1,
				position: [0, 0],
				parameters,
				credentials: { [credential.type.name]: { id: 'credential-1', name: 'Contoso' } },
			},
		],
		connections: {},
		active: false,
		nodeTypes,
	});
	const additionalData = {
		credentialsHelper: credential,
		currentNodeParameters: parameters,
	} as unknown as IWorkflowExecuteAdditionalData;
	const context = new LoadOptionsContext(
		workflow,
		workflow.nodes['Temp-Node'],
		additionalData,
		'parameters.list',
	);
	const methods: Record<
		string,
		(filter?: string, token?: string) => Promise<INodeListSearchResult>
	> = { ...node.methods.listSearch };
	return await methods[method].call(context, filter, paginationToken);
}

/** What the editor shows instead of the list: of an error, n8n sends it these fields. */
export async function listMessage(
	search: Promise<INodeListSearchResult>,
): Promise<{ message: string; description?: string | null; httpCode: string | null }> {
	try {
		await search;
	} catch (error) {
		if (!(error instanceof NodeApiError)) throw error;
		const { message, description, httpCode } = error;
		return { message, description, httpCode };
	}
	throw new Error('The list was shown');
}
