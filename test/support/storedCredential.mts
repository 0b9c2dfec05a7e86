import {
	ICredentialsHelper,
	type ICredentialDataDecryptedObject,
	type ICredentials,
	type IHttpRequestHelper,
	type IHttpRequestOptions,
	type INode,
	type INodeCredentialsDetails,
	type INodeProperties,
} from 'n8n-workflow';

import { DefenderLiveResponseApi } from '../../credentials/DefenderLiveResponseApi.credentials';

/**
 * One stored credential, kept and renewed by the rules of n8n's own credentials helper: a token is
 * minted when the stored one is empty or was refused, and written back.
 */
export class StoredCredential extends ICredentialsHelper {
	readonly type = new DefenderLiveResponseApi();
	minted = 0;
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
		this.minted++;
		const output = (await this.type.preAuthentication.call(
			helpers,
			credentials,
		)) as ICredentialDataDecryptedObject;
		this.stored = { ...this.stored, ...output };
		return Object.assign(credentials, output);
	}

	async runPreAuthentication(): Promise<undefined> {
		return undefined;
	}

	async getDecrypted(): Promise<ICredentialDataDecryptedObject> {
		return { ...this.stored };
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
