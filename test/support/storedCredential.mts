import { getAdditionalKeys } from 'n8n-core';
import {
	ICredentialsHelper,
	isExpression,
	type ICredentialDataDecryptedObject,
	type ICredentials,
	type ICredentialsExpressionResolveValues,
	type IExecuteData,
	type IHttpRequestHelper,
	type IHttpRequestOptions,
	type INode,
	type INodeCredentialsDetails,
	type INodeParameters,
	type INodeProperties,
	type IWorkflowExecuteAdditionalData,
	type WorkflowExecuteMode,
} from 'n8n-workflow';

import { DefenderLiveResponseApi } from '../../credentials/DefenderLiveResponseApi.credentials';

/**
 * One stored credential, kept and renewed by the rules of n8n's own credentials helper: a token is
 * minted when the stored one is empty or was refused, and written back.
 */
export class StoredCredential extends ICredentialsHelper {
	readonly type = new DefenderLiveResponseApi();
	/** How often n8n would have read the credential from its database, and written it. */
	reads = 0;
	writes = 0;
	stored: ICredentialDataDecryptedObject;

	constructor(values: object) {
		super();
		this.stored = { accessToken: '', ...values };
	}

	getParentTypes(): string[] {
		return [];
	}

	isCredentialUsableByNode(): boolean {
		return true;
	}

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		_typeName: string,
		requestOptions: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		return await this.type.authenticate(credentials, requestOptions);
	}

	async preAuthentication(
		helpers: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
		_typeName: string,
		_node: INode,
		credentialsExpired: boolean,
	): Promise<ICredentialDataDecryptedObject | undefined> {
		if (credentials.accessToken !== '' && !credentialsExpired) return undefined;
		const output = (await this.type.preAuthentication.call(
			helpers,
			credentials,
		)) as ICredentialDataDecryptedObject;
		if (output.accessToken === undefined) return undefined;
		this.writes++;
		this.stored = { ...this.stored, ...output };
		return Object.assign(credentials, output);
	}

	async runPreAuthentication(): Promise<undefined> {
		return undefined;
	}

	async getDecrypted(
		additionalData: IWorkflowExecuteAdditionalData,
		_nodeCredentials: INodeCredentialsDetails,
		_type: string,
		mode: WorkflowExecuteMode,
		executeData?: IExecuteData,
		_raw?: boolean,
		values?: ICredentialsExpressionResolveValues,
	): Promise<ICredentialDataDecryptedObject> {
		this.reads++;
		// Where there are no items n8n leaves out what it cannot resolve; each field asks for that.
		return values === undefined
			? Object.fromEntries(Object.entries(this.stored).filter(([, value]) => !isExpression(value)))
			: (values.workflow.expression.getParameterValue(
					{ ...this.stored } as INodeParameters,
					values.runExecutionData,
					values.runIndex,
					values.itemIndex,
					values.node.name,
					values.connectionInputData,
					mode,
					getAdditionalKeys(additionalData, mode, null, { isCredential: true }),
					executeData,
					false,
				) as ICredentialDataDecryptedObject);
	}

	async getCredentials(): Promise<ICredentials> {
		throw new Error('Only the decrypted credential is used on the engine');
	}

	async updateCredentials(
		_nodeCredentials: INodeCredentialsDetails,
		_type: string,
		data: ICredentialDataDecryptedObject,
	): Promise<void> {
		this.stored = data;
	}

	async updateCredentialsOauthTokenData(): Promise<void> {
		throw new Error('This credential has no OAuth token data');
	}

	getCredentialsProperties(): INodeProperties[] {
		return this.type.properties;
	}
}
