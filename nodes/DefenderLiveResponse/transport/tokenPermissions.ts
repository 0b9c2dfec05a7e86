/** What a token allows: read here alone. The names of permissions are no secret; the token goes nowhere from here. */
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { isRecord } from '../domain/record';
import type { Connection } from './connection';
import { perConnection } from './perConnection';
import { claimsOf } from './tokenClaims';

/** What the latest call was made with: n8n has put the token of an app registration into it. */
const latestOf = perConnection(() => ({ credential: {} as ICredentialDataDecryptedObject }));

export function noteCredential(
	connection: Connection,
	credential: ICredentialDataDecryptedObject,
): void {
	latestOf(connection).credential = credential;
}

/**
 * The names of the permissions in the token that calls are made with: application permissions, or the
 * delegated ones of a user. Null before the first call, and where the token cannot be read.
 */
export function permissionsInToken(connection: Connection): string[] | null {
	const { oauthTokenData } = connection.credential;
	if (connection.credentialType === 'defenderLiveResponseOAuth2Api') {
		const token = isRecord(oauthTokenData) ? oauthTokenData.access_token : '';
		const { scp } = claimsOf(token) ?? {};
		return typeof scp === 'string' ? scp.split(' ') : null;
	}
	// Before the token stands the digest of the settings that it belongs to.
	const [, token] = String(latestOf(connection).credential.accessToken ?? '').split(' ');
	const { roles } = claimsOf(token) ?? {};
	return Array.isArray(roles) ? roles.map(String) : null;
}
