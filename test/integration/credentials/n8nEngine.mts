import { ExecuteContext, RoutingNode } from 'n8n-core';
import {
	createEmptyRunExecutionData,
	type ICredentialDataDecryptedObject,
	type ICredentials,
	ICredentialsHelper,
	type ICredentialType,
	type IDataObject,
	type IHttpRequestHelper,
	type IHttpRequestOptions,
	type INode,
	type INodeType,
	type INodeTypes,
	type IWorkflowExecuteAdditionalData,
	NodeConnectionTypes,
	Workflow,
} from 'n8n-workflow';

import { forOneCall } from '../../../nodes/DefenderLiveResponse/transport/credentialData';

/**
 * One saved credential, treated as n8n's own helper treats it: a token is minted when there is none,
 * after an expired one, and for every connection test; then it is saved.
 */
export class SavedCredential extends ICredentialsHelper {
	saves = 0;
	readonly type: ICredentialType;
	data: ICredentialDataDecryptedObject;

	constructor(type: ICredentialType, fields: object) {
		super();
		this.type = type;
		this.data = { accessToken: '', ...fields };
	}

	override async preAuthentication(
		helpers: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
		_typeName: string,
		node: INode,
		credentialsExpired: boolean,
	): Promise<ICredentialDataDecryptedObject | undefined> {
		const isTest = node.parameters.temp === '' && node.type === 'n8n-nodes-base.noOp';
		if (credentials.accessToken !== '' && !credentialsExpired && !isTest) return undefined;
		const output = await this.type.preAuthentication?.call(helpers, credentials);
		if (!output || !('accessToken' in output)) return undefined;
		this.data = { ...this.data, ...(output as ICredentialDataDecryptedObject) };
		this.saves += 1;
		return Object.assign(credentials, output);
	}

	override async authenticate(
		credentials: ICredentialDataDecryptedObject,
		_typeName: string,
		requestOptions: Parameters<ICredentialsHelper['authenticate']>[2],
	): Promise<IHttpRequestOptions> {
		if (typeof this.type.authenticate !== 'function') throw new Error('expected a function');
		return await this.type.authenticate(credentials, requestOptions as IHttpRequestOptions);
	}

	override async getDecrypted(): Promise<ICredentialDataDecryptedObject> {
		return { ...this.data };
	}

	override getParentTypes(): string[] {
		return [];
	}

	override isCredentialUsableByNode(): boolean {
		return true;
	}

	override getCredentialsProperties(): ICredentialType['properties'] {
		return this.type.properties;
	}

	override async runPreAuthentication(): Promise<never> {
		throw new Error('runPreAuthentication is for OAuth2 credentials');
	}

	override async getCredentials(): Promise<ICredentials> {
		throw new Error('getCredentials is not used by the engine');
	}

	override async updateCredentials(): Promise<void> {
		throw new Error('updateCredentials is not used by the engine');
	}

	override async updateCredentialsOauthTokenData(): Promise<void> {
		throw new Error('updateCredentialsOauthTokenData is for OAuth2 credentials');
	}
}

/** A node of n8n's engine that uses the credential; `parameters` as n8n gives them to it. */
function contextOf(saved: SavedCredential, nodeType: INodeType, parameters: INode['parameters']) {
	const node: INode = {
		id: 'node',
		name: 'Node',
		type: nodeType.description.name,
		typeVersion: 1,
		position: [0, 0],
		parameters,
		credentials: { [saved.type.name]: { id: '1', name: 'Defender' } },
	};
	const nodeTypes: INodeTypes = {
		getByName: () => nodeType,
		getByNameAndVersion: () => nodeType,
		getKnownTypes: () => ({}),
	};
	const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
	const additionalData = {
		credentialsHelper: saved,
		currentNodeParameters: parameters,
		variables: {},
	} as unknown as IWorkflowExecuteAdditionalData;
	const items = [{ json: {} }];
	return new ExecuteContext(
		workflow,
		node,
		additionalData,
		'internal',
		createEmptyRunExecutionData(),
		0,
		items,
		{ main: [items] },
		{ node, data: { main: [items] }, source: null },
		[],
	);
}

function nodeTypeOf(
	saved: SavedCredential,
	name: string,
	properties: INodeType['description']['properties'],
): INodeType {
	return {
		description: {
			displayName: name,
			name,
			group: ['transform'],
			version: 1,
			description: '',
			defaults: { name },
			inputs: [NodeConnectionTypes.Main],
			outputs: [NodeConnectionTypes.Main],
			credentials: [{ name: saved.type.name, required: true }],
			properties,
		},
	};
}

/** `helpers.httpRequestWithAuthentication` of a node that uses the credential as this package's do. */
export async function requestAs(saved: SavedCredential, options: IHttpRequestOptions) {
	const nodeType = nodeTypeOf(saved, 'defenderLiveResponse', []);
	const context = contextOf(saved, nodeType, {});
	return (await context.helpers.httpRequestWithAuthentication.call(
		context,
		saved.type.name,
		options,
		{
			credentialsDecrypted: {
				id: '',
				name: '',
				type: saved.type.name,
				data: forOneCall(saved.data),
			},
		},
	)) as IDataObject;
}

/** The connection test behind the credential's Save button, and the message n8n shows for it. */
export async function testConnection(saved: SavedCredential): Promise<string> {
	const nodeType = nodeTypeOf(saved, 'n8n-nodes-base.noOp', [
		{
			displayName: 'Temp',
			name: 'temp',
			type: 'string',
			routing: { request: saved.type.test?.request },
			default: '',
		},
	]);
	const context = contextOf(saved, nodeType, { temp: '' });
	const data = { ...saved.data };
	try {
		await new RoutingNode(context, nodeType, {
			id: '1',
			name: 'Defender',
			type: saved.type.name,
			data,
		}).runNode();
		return 'Connection successful!';
	} catch (error) {
		return messageOf(error, saved.type);
	}
}

function messageOf(error: unknown, type: ICredentialType): string {
	const { cause, message } = error as Error & {
		cause?: { code?: string; response?: { status: number; statusText: string } };
	};
	if (cause?.response) {
		const { status, statusText } = cause.response;
		const rule = type.test?.rules?.find(
			({ properties }) => 'value' in properties && properties.value === status,
		);
		return rule?.properties.message ?? statusText;
	}
	return cause?.code ?? message;
}
