import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IDataObject,
	IHttpRequestHelper,
	IHttpRequestOptions,
} from 'n8n-workflow';

import { authorizeRequest } from './authorizeRequest';
import { connectionTest } from './connectionTest';
import { properties } from './fields';
import { putToken } from './signIn/boundToken';

/** An app registration in Microsoft Entra with application permissions for Defender for Endpoint. */
export class DefenderLiveResponseApi implements ICredentialType {
	name = 'defenderLiveResponseApi';

	displayName = 'Defender Live Response API';

	icon = {
		light: 'file:defenderLiveResponse.svg',
		dark: 'file:defenderLiveResponse.dark.svg',
	} as const;

	documentationUrl =
		'https://github.com/n8n-nodes-defender-live-response/n8n-nodes-defender-live-response/blob/main/docs/credentials.md';

	// The app can run scripts as SYSTEM: no other node may borrow its token.
	restrictToSupportedNodes = true as const;

	// They would limit the HTTP Request node; here the token travels to the Defender API alone.
	hideDomainRestrictionFields = true;

	properties = properties;

	test: ICredentialTestRequest = connectionTest;

	/**
	 * n8n calls this when the credential holds no token, after a 401, and for every connection test. The
	 * token goes into the object that the call is made with; n8n stores what is returned: nothing.
	 */
	async preAuthentication(
		this: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
	): Promise<IDataObject> {
		await putToken(credentials, this.helpers.httpRequest);
		return {};
	}

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		requestOptions: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		return authorizeRequest(credentials, requestOptions);
	}
}
