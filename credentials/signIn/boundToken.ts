/**
 * A token in the field `accessToken` is bound to the settings it was granted for: their digest stands
 * before it. So it is not sent when a setting was changed, or resolves to something else.
 */
import { createHash } from 'crypto';

import { type ICredentialDataDecryptedObject, UserError } from 'n8n-workflow';

import {
	needsItem,
	settingsText,
	USES_KEPT_TOKEN,
} from '../../nodes/DefenderLiveResponse/transport/credentialData';
import { acquireToken } from './accessToken';
import { KeptTokens } from './keptTokens';
import type { HttpRequest } from './tokenNetwork';

const tokens = new KeptTokens(() => performance.now());

/**
 * Puts a token into `accessToken`: for a call of the node one that is kept, unless it is the one that
 * stands there and was refused; else, as in the connection test, a new one. Throws a UserError.
 */
export async function putToken(
	credentials: ICredentialDataDecryptedObject,
	httpRequest: HttpRequest,
): Promise<void> {
	const isOfNode = credentials[USES_KEPT_TOKEN] === true;
	if (!isOfNode && needsItem(credentials)) throw new UserError(NEEDS_ITEM);
	const digest = digestOf(credentials);
	const signIn = async () => await acquireToken(credentials, httpRequest);
	const token = isOfNode
		? await tokens.get(digest, tokenIn(credentials), signIn)
		: await tokens.renew(digest, signIn);
	credentials.accessToken = `${digest} ${token}`;
}

const NEEDS_ITEM =
	'A field is an expression that uses $json, and the test has no item to resolve it with. To test the other fields, enter the value of one tenant for now; when a workflow runs, the node resolves the field for each item';

/** The token that was granted for exactly these settings, or null. */
export function tokenIn(credentials: ICredentialDataDecryptedObject): string | null {
	const [digest, token] = String(credentials.accessToken ?? '').split(' ');
	return token !== undefined && digest === digestOf(credentials) ? token : null;
}

const digestOf = (credentials: ICredentialDataDecryptedObject): string =>
	createHash('sha256').update(settingsText(credentials)).digest('base64url');
