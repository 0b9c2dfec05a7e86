import { createHash, randomBytes } from 'node:crypto';

import {
	ICredentialsHelper,
	type ICredentialDataDecryptedObject,
	type ICredentials,
	type IHttpRequestOptions,
	type INodeCredentialsDetails,
	type INodeProperties,
	type IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';

import { DefenderLiveResponseOAuth2Api } from '../../credentials/DefenderLiveResponseOAuth2Api.credentials';
import { http } from './http.mts';
import { oAuth2Fields } from './oAuth2Fields.mts';

const callback = 'http://localhost:5678/rest/oauth2-credential/callback';

/** One stored OAuth2 credential, kept as n8n's own credentials helper keeps it. */
export class ConnectedUser extends ICredentialsHelper {
	readonly type = new DefenderLiveResponseOAuth2Api();
	renewed = 0;
	stored: ICredentialDataDecryptedObject;

	constructor(values: object) {
		super();
		this.stored = { ...values };
	}

	/** Signs in as n8n's callback does, with the browser's part left out: nobody has to be asked. */
	static async connect(values: object): Promise<ConnectedUser> {
		const user = new ConnectedUser(values);
		const fields = oAuth2Fields(values);
		const verifier = randomBytes(32).toString('base64url');
		const query = new URLSearchParams({
			client_id: String(fields.clientId),
			response_type: 'code',
			redirect_uri: callback,
			scope: String(fields.scope),
			code_challenge: createHash('sha256').update(verifier).digest('base64url'),
			code_challenge_method: 'S256',
		});
		const consent = await http.get(`${String(fields.authUrl)}?${query}`, {
			maxRedirects: 0,
			validateStatus: (status) => status === 302,
		});
		const code = new URL(String(consent.headers.location)).searchParams.get('code') ?? '';
		const { data } = await http.post<ICredentialDataDecryptedObject>(
			String(fields.accessTokenUrl),
			new URLSearchParams({
				grant_type: 'authorization_code',
				client_id: String(fields.clientId),
				client_secret: String(fields.clientSecret),
				code,
				redirect_uri: callback,
				code_verifier: verifier,
			}),
		);
		user.stored.oauthTokenData = data;
		return user;
	}

	getParentTypes(): string[] {
		return ['oAuth2Api'];
	}

	isCredentialUsableByNode(): boolean {
		return true;
	}

	async authenticate(
		_credentials: ICredentialDataDecryptedObject,
		_typeName: string,
		requestOptions: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		return requestOptions;
	}

	async preAuthentication(): Promise<undefined> {
		return undefined;
	}

	async runPreAuthentication(): Promise<undefined> {
		return undefined;
	}

	async getDecrypted(
		_additionalData: IWorkflowExecuteAdditionalData,
		_nodeCredentials: INodeCredentialsDetails,
		_type: string,
		_mode: unknown,
		_executeData?: unknown,
		raw?: boolean,
	): Promise<ICredentialDataDecryptedObject> {
		if (raw) return { ...this.stored };
		const { oauthTokenData, ...values } = this.stored;
		return {
			...oAuth2Fields(values),
			...(oauthTokenData === undefined ? {} : { oauthTokenData }),
		};
	}

	async getCredentials(): Promise<ICredentials> {
		throw new Error('Only the decrypted credential is used on the engine');
	}

	async updateCredentials(): Promise<void> {
		throw new Error('This credential has no token but that of OAuth2');
	}

	async updateCredentialsOauthTokenData(
		_nodeCredentials: INodeCredentialsDetails,
		_type: string,
		{ oauthTokenData }: ICredentialDataDecryptedObject,
	): Promise<void> {
		this.renewed++;
		this.stored = { ...this.stored, oauthTokenData };
	}

	getCredentialsProperties(): INodeProperties[] {
		return this.type.properties;
	}
}
