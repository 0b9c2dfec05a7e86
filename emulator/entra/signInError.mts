import { randomUUID } from 'node:crypto';
import { jsonAnswer, type Answer } from '../http/answer.mts';

/** A refusal of the token endpoint: the OAuth error word, Entra's code and its text. */
export interface SignInError {
	error: string;
	/** The number after `AADSTS`. */
	code: number;
	message: string;
	/** A second code, which the message tells. */
	innerCode?: number;
	status?: number;
}

/** The refusal in the shape Entra gives it. `invalid_client` is a 401, the rest 400. */
export function signInErrorAnswer(refusal: SignInError, realNow: number): Answer {
	const traceId = randomUUID();
	const correlationId = randomUUID();
	const timestamp = new Date(realNow)
		.toISOString()
		.replace('T', ' ')
		.replace(/\.\d+Z$/, 'Z');
	return jsonAnswer(
		refusal.status ?? (refusal.error === 'invalid_client' ? 401 : 400),
		{
			error: refusal.error,
			error_description:
				`AADSTS${refusal.code}: ${refusal.message} ` +
				`Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
			error_codes:
				refusal.innerCode === undefined ? [refusal.code] : [refusal.code, refusal.innerCode],
			timestamp,
			trace_id: traceId,
			correlation_id: correlationId,
			error_uri: `https://login.microsoftonline.com/error?code=${refusal.code}`,
		},
		{ 'Cache-Control': 'no-store, no-cache', 'x-ms-request-id': traceId },
	);
}

export const signInErrors = {
	malformedTenant: (tenant: string): SignInError => ({
		error: 'invalid_request',
		code: 900023,
		message: `Specified tenant identifier '${tenant}' is neither a valid DNS name, nor a valid external domain.`,
	}),
	unknownTenant: (tenant: string): SignInError => ({
		error: 'invalid_request',
		code: 90002,
		message: `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
	}),
	missingParameter: (name: string): SignInError => ({
		error: 'invalid_request',
		code: 900144,
		message: `The request body must contain the following parameter: '${name}'.`,
	}),
	unsupportedGrant: (grant: string): SignInError => ({
		error: 'unsupported_grant_type',
		code: 70003,
		message: `The app requested an unsupported grant type '${grant}'.`,
	}),
	unknownApplication: (clientId: string, tenant: string): SignInError => ({
		error: 'unauthorized_client',
		code: 700016,
		message: `Application with identifier '${clientId}' was not found in the directory '${tenant}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
	}),
	noClientCredential: (): SignInError => ({
		error: 'invalid_client',
		code: 7000218,
		message:
			"The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
	}),
	wrongSecret: (clientId: string): SignInError => ({
		error: 'invalid_client',
		code: 7000215,
		message: `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
	}),
	expiredSecret: (clientId: string): SignInError => ({
		error: 'invalid_client',
		code: 7000222,
		message: `The provided client secret keys for app '${clientId}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.`,
	}),
	badScope: (scope: string): SignInError => ({
		error: 'invalid_scope',
		code: 1002012,
		message: `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
	}),
	unknownResource: (resource: string, tenant: string): SignInError => ({
		error: 'invalid_resource',
		code: 500011,
		message: `The resource principal named ${resource} was not found in the tenant named ${tenant}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.`,
	}),
	malformedAssertion: (): SignInError => ({
		error: 'invalid_client',
		code: 50027,
		message: 'JWT token is invalid or malformed.',
	}),
	unknownCertificate: (): SignInError => ({
		error: 'invalid_client',
		code: 700027,
		message:
			'The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The key was not found.]',
	}),
	badAssertionSignature: (): SignInError => ({
		error: 'invalid_client',
		code: 700027,
		message:
			'Client assertion failed signature validation. [Reason - The provided signature value did not match the expected signature value.]',
	}),
	assertionAudience: (): SignInError => ({
		error: 'invalid_client',
		code: 700023,
		message: 'Client assertion audience claim does not match Realm issuer.',
	}),
	assertionSubject: (): SignInError => ({
		error: 'invalid_client',
		code: 700021,
		message:
			"Client assertion application identifier doesn't match 'client_id' parameter. Review the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials .",
	}),
	assertionTime: (): SignInError => ({
		error: 'invalid_client',
		code: 700024,
		message: 'Client assertion is not within its valid time range.',
	}),
	reusedAssertion: (): SignInError => ({
		error: 'invalid_client',
		code: 700027,
		message: 'Client assertion was used before. [Reason - The jti claim was seen already.]',
	}),
	redirectMismatch: (redirectUri: string): SignInError => ({
		error: 'invalid_request',
		code: 50011,
		message: `The redirect URI '${redirectUri}' specified in the request does not match the redirect URIs configured for the application.`,
	}),
	badDelegatedScope: (scope: string): SignInError => ({
		error: 'invalid_scope',
		code: 70011,
		message: `The provided value for the input parameter 'scope' is not valid. The scope '${scope}' is not configured for this tenant.`,
	}),
	missingConsent: (clientId: string): SignInError => ({
		error: 'invalid_grant',
		code: 65001,
		message: `The user or administrator has not consented to use the application with ID '${clientId}'. Send an interactive authorization request for this user and resource.`,
	}),
	badCode: (): SignInError => ({
		error: 'invalid_grant',
		code: 9002313,
		message: 'Invalid request. Request is malformed or invalid.',
	}),
	badVerifier: (): SignInError => ({
		error: 'invalid_grant',
		code: 501481,
		message:
			'The Code_Verifier does not match the code_challenge supplied in the authorization request.',
	}),
	revokedGrant: (): SignInError => ({
		error: 'invalid_grant',
		code: 50173,
		message:
			'The provided grant has expired due to it being revoked, a fresh auth token is needed.',
	}),
} as const;
