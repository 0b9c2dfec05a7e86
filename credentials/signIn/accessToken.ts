import { createHash } from 'crypto';

import { ConfidentialClientApplication, type NodeAuthOptions } from '@azure/msal-node';
import { type ICredentialDataDecryptedObject, UserError } from 'n8n-workflow';

import {
	NO_PERMISSION,
	signInMessage,
} from '../../nodes/DefenderLiveResponse/transport/signInMessages';
import { readSignInSettings, type SignInSettings } from './settings';
import { type HttpRequest, TokenNetwork } from './tokenNetwork';

/** Sign-ins under way, by their settings. Nothing stays here once they are answered: n8n keeps the token. */
const underWay = new Map<string, Promise<string>>();

/**
 * Signs the app registration in and returns its access token (client credentials grant of
 * https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow).
 * Fields are checked before any call; then it is one POST (two when the token has no role), shared by all that ask while it runs: many
 * items find their token expired at the same moment. Throws a UserError whose message tells
 * the user where to click and holds neither a secret nor anything the server wrote.
 */
export async function acquireToken(
	credentials: ICredentialDataDecryptedObject,
	httpRequest: HttpRequest,
): Promise<string> {
	const settings = readSignInSettings(credentials, new Date());
	const key = createHash('sha256').update(JSON.stringify(settings)).digest('base64');
	let token = underWay.get(key);
	if (token === undefined) {
		token = signIn(settings, httpRequest).finally(() => underWay.delete(key));
		underWay.set(key, token);
	}
	return await token;
}

/** Tokens that are asked for until one carries a role. */
const MOST_TOKENS = 2;

async function signIn(settings: SignInSettings, httpRequest: HttpRequest): Promise<string> {
	// Right after consent a token can still come without it: asked again before anybody is told.
	for (let tokens = 0; tokens < MOST_TOKENS; tokens++) {
		const token = await mint(settings, new TokenNetwork(httpRequest));
		if (!carriesNoRole(token)) return token;
	}
	throw new UserError(NO_PERMISSION);
}

async function mint(settings: SignInSettings, network: TokenNetwork): Promise<string> {
	let token: string | undefined;
	try {
		const application = new ConfidentialClientApplication({
			auth: authOptions(settings),
			system: { networkClient: network },
		});
		const result = await application.acquireTokenByClientCredential({
			scopes: [`${settings.endpoints.resource}/.default`],
			azureRegion: 'DisableMsalForceRegion',
		});
		token = result?.accessToken;
	} catch {
		// What MSAL throws may quote the answer or the request: the network kept all that is needed.
	}
	if (network.lastAnswer !== undefined && network.lastAnswer.kind !== 'granted') {
		throw new UserError(signInMessage(network.lastAnswer, settings.proof.kind));
	}
	if (!token) {
		throw new UserError(
			"The sign-in could not be carried out with these settings. Compare the fields 'Tenant ID' and 'Client ID' with the app's Overview page, and enter what the app proves itself with again",
		);
	}
	return token;
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

/** Reads the token's claims without checking it; one that cannot be read is left to the API. */
function carriesNoRole(token: string): boolean {
	try {
		const claims: unknown = JSON.parse(
			Buffer.from(token.split('.')[1], 'base64url').toString('utf8'),
		);
		if (typeof claims !== 'object' || claims === null) return false;
		return !('roles' in claims) || (Array.isArray(claims.roles) && claims.roles.length === 0);
	} catch {
		return false;
	}
}
