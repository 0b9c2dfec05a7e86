import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';

import { resolveEndpoints } from '../nodes/DefenderLiveResponse/transport/clouds';
import { tokenIn } from './signIn/boundToken';

/**
 * Adds the token to a request for the credential's Defender API and to no other: a result link or a
 * next page on a foreign host goes out without it. Nor does it follow a redirect to another origin.
 * A token of other settings is not sent: the call fails as if the API had refused it with 401, upon
 * which n8n asks the credential for one and makes the call.
 */
export function authorizeRequest(
	credentials: ICredentialDataDecryptedObject,
	requestOptions: IHttpRequestOptions,
): IHttpRequestOptions {
	const cloud = resolveEndpoints(credentials);
	if (cloud.kind === 'invalid') return requestOptions;
	if (targetOrigin(requestOptions) !== new URL(cloud.endpoints.apiUrl).origin) {
		return requestOptions;
	}
	const token = tokenIn(credentials);
	if (token === null) throw new TokenOfOtherSettings();
	return {
		...requestOptions,
		headers: { ...requestOptions.headers, Authorization: `Bearer ${token}` },
		sendCredentialsOnCrossOriginRedirect: false,
	};
}

class TokenOfOtherSettings extends Error {
	readonly response = { status: 401 };

	constructor() {
		super('The token belongs to other settings of the credential');
	}
}

/** Where axios will send it: `baseURL` counts unless `url` names a host itself, even without scheme. */
function targetOrigin({ url, baseURL }: IHttpRequestOptions): string | undefined {
	const namesHost = /^([a-z][a-z\d+\-.]*:)?\/\//i.test(url);
	const target = namesHost || !baseURL ? url : `${baseURL}/${url}`;
	return URL.canParse(target) ? new URL(target).origin : undefined;
}
