import {
	type AuthenticationResult,
	ConfidentialClientApplication,
	type NodeAuthOptions,
} from '@azure/msal-node';
import { type ICredentialDataDecryptedObject, UserError } from 'n8n-workflow';

import {
	mayPass,
	NO_PERMISSION,
	signInMessage,
} from '../../nodes/DefenderLiveResponse/transport/signInMessages';
import { claimsOf } from '../../nodes/DefenderLiveResponse/transport/tokenClaims';
import type { GrantedToken } from './keptTokens';
import { readSignInSettings, type SignInSettings } from './settings';
import { type HttpRequest, TokenNetwork } from './tokenNetwork';

/**
 * Signs the app registration in and returns its access token (client credentials grant of
 * https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow).
 * Fields are checked before any call; then it is one POST (two when the token has no role). Throws a
 * UserError whose message tells the user where to click and holds neither a secret nor anything the
 * server wrote; its `extra.mayPass` says that the same sign-in may work a moment later.
 */
export async function acquireToken(
	credentials: ICredentialDataDecryptedObject,
	httpRequest: HttpRequest,
): Promise<GrantedToken> {
	const settings = readSignInSettings(credentials, new Date());
	// Right after consent a token can still come without it: asked again before anybody is told.
	for (let tokens = 0; tokens < MOST_TOKENS; tokens++) {
		const granted = await mint(settings, new TokenNetwork(httpRequest));
		if (!carriesNoRole(granted.token)) return granted;
	}
	throw new UserError(NO_PERMISSION);
}

/** Tokens that are asked for until one carries a role. */
const MOST_TOKENS = 2;

async function mint(settings: SignInSettings, network: TokenNetwork): Promise<GrantedToken> {
	let result: AuthenticationResult | null = null;
	try {
		const application = new ConfidentialClientApplication({
			auth: authOptions(settings),
			system: { networkClient: network },
		});
		result = await application.acquireTokenByClientCredential({
			scopes: [`${settings.endpoints.resource}/.default`],
			azureRegion: 'DisableMsalForceRegion',
		});
	} catch {
		// What MSAL throws may quote the answer or the request: the network kept all that is needed.
	}
	const answer = network.lastAnswer;
	if (answer !== undefined && answer.kind !== 'granted') {
		throw new UserError(signInMessage(answer, settings.proof.kind), {
			extra: { mayPass: mayPass(answer) },
		});
	}
	if (!result?.accessToken) {
		throw new UserError(
			"The sign-in could not be completed with these settings. Compare the fields 'Directory (Tenant) ID' and 'Application (Client) ID' with the app's Overview page, and enter the secret or the certificate again",
		);
	}
	const livesUntil = result.expiresOn?.getTime() ?? 0;
	return { token: result.accessToken, livesForMs: Math.max(0, livesUntil - Date.now()) };
}

/** The endpoints are given, not discovered: a sign-in is one POST in every cloud. */
function authOptions({ endpoints, tenantId, clientId, proof }: SignInSettings): NodeAuthOptions {
	const tenantUrl = `${endpoints.loginUrl}/${tenantId}`;
	const common: NodeAuthOptions = {
		clientId,
		// MSAL takes no http authority; the token endpoint below is the real one, loopback included.
		authority: tenantUrl.replace(/^http:/, 'https:'),
		knownAuthorities: [new URL(endpoints.loginUrl).host],
		authorityMetadata: JSON.stringify({
			issuer: `${tenantUrl}/v2.0`,
			authorization_endpoint: `${tenantUrl}/oauth2/v2.0/authorize`,
			token_endpoint: `${tenantUrl}/oauth2/v2.0/token`,
			jwks_uri: `${tenantUrl}/discovery/v2.0/keys`,
		}),
	};
	switch (proof.kind) {
		case 'clientSecret':
			return { ...common, clientSecret: proof.clientSecret };
		case 'certificate':
			return {
				...common,
				clientCertificate: {
					thumbprintSha256: proof.certificate.thumbprintSha256,
					privateKey: proof.certificate.privateKey,
					x5c: proof.certificate.certificate,
				},
			};
	}
}

/** A token that cannot be read is left to the API. */
function carriesNoRole(token: string): boolean {
	const claims = claimsOf(token);
	if (claims === null) return false;
	return !('roles' in claims) || (Array.isArray(claims.roles) && claims.roles.length === 0);
}
