import type { ICredentialDataDecryptedObject, INode } from 'n8n-workflow';

import { isGuid } from '../domain/identifiers';
import { isRecord } from '../domain/record';
import { nodeError } from '../inputs/nodeErrors';
import { claimsOf } from './tokenClaims';

/** What the fields of the credential say the token of the signed-in user is for. */
interface TokenFor {
	tenantId: string;
	resource: string;
}

/**
 * Throws when nobody has signed in, or when the token belongs to another tenant or API than the fields
 * say now: n8n keeps the token when they are changed. A token that cannot be read is left to the API.
 */
export function assertFittingToken(
	node: INode,
	{ oauthTokenData }: ICredentialDataDecryptedObject,
	{ tenantId, resource }: TokenFor,
): void {
	if (oauthTokenData === undefined) {
		throw nodeError(node, 'signInFailed', {
			message: 'The credential is not connected to a user',
			description:
				'Open the credential, choose Connect and sign in. The node then acts as that user.',
		});
	}
	const token = isRecord(oauthTokenData) ? oauthTokenData.access_token : '';
	const { tid, aud } = claimsOf(token) ?? {};
	const isOfTenant = !isGuid(tenantId) || !isText(tid) || sameText(tid, tenantId);
	// As a GUID it names the API by its app registration.
	const isForApi = !isText(aud) || isGuid(aud) || sameText(withoutSlash(aud), resource);
	if (isOfTenant && isForApi) return;
	throw nodeError(node, 'signInFailed', {
		message: isOfTenant
			? 'The user signed in to a different API than the credential names'
			: 'The user signed in to a different tenant than the credential names',
		description:
			'A field of the credential was changed after the sign-in, and nothing was sent. Open the credential and sign in again (Connect or Switch account).',
	});
}

const isText = (value: unknown): value is string => typeof value === 'string';
const withoutSlash = (uri: string) => uri.replace(/\/+$/, '');
const sameText = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
