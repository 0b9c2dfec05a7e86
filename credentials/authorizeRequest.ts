import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';

import { resolveEndpoints } from '../nodes/DefenderLiveResponse/transport/clouds';

/**
 * Adds the token to a request for the credential's Defender API and to no other: a result link or a
 * next page on a foreign host goes out without it. Nor does it follow a redirect to another origin.
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
	return {
		...requestOptions,
		headers: {
			...requestOptions.headers,
			Authorization: `Bearer ${String(credentials.accessToken)}`,
		},
		sendCredentialsOnCrossOriginRedirect: false,
	};
}

/** Where axios will send it: `baseURL` counts unless `url` names a host itself, even without scheme. */
function targetOrigin({ url, baseURL }: IHttpRequestOptions): string | undefined {
	const namesHost = /^([a-z][a-z\d+\-.]*:)?\/\//i.test(url);
	const target = namesHost || !baseURL ? url : `${baseURL}/${url}`;
	return URL.canParse(target) ? new URL(target).origin : undefined;
}
