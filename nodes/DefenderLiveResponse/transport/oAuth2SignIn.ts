/** n8n's OAuth2 client renews the token of a signed-in user; this says why it could not. */
import { isRecord } from '../domain/record';
import type { SignInRefused } from './apiCall';
import type { HttpFailure } from './httpFailure';
import { mayPass, signInMessage, type Proof, type TokenAnswer } from './signInMessages';

const RECONNECT =
	'Open the credential, check its fields, and sign in again (Connect or Switch account).';

/**
 * What the user reads when the token could not be renewed; undefined when the call itself was
 * refused. `failures` are outermost first.
 */
export function oAuth2SignIn(
	failures: readonly HttpFailure[],
	proof: Proof,
): Omit<SignInRefused, 'kind'> | undefined {
	if (failures.some(hasEnded)) {
		return {
			mayPass: false,
			message: 'The sign-in of the user has ended',
			description:
				'Microsoft Entra no longer renews it: it was not used for a long time, it was revoked, or the password, the consent or a policy has changed. Open the credential and sign in again (Switch account).',
		};
	}
	for (const failed of failures) {
		const answer = tokenAnswer(failed);
		if (answer !== undefined) {
			const message = signInMessage(answer, proof);
			return { message, description: RECONNECT, mayPass: mayPass(answer) };
		}
	}
	return undefined;
}

/** n8n's own words when Entra answers `invalid_grant`, and when there is nothing to renew with. */
function hasEnded({ failure, message }: HttpFailure): boolean {
	return (
		(isRecord(failure) && failure.cause === 'credential-invalid') ||
		(typeof message === 'string' && message.includes('no refresh token is available'))
	);
}

function tokenAnswer(failed: HttpFailure): Exclude<TokenAnswer, { kind: 'granted' }> | undefined {
	const { code, body, config, response, status } = failed;
	// Entra's refusal, as JSON.
	if (code === 'EAUTH' && isRecord(body)) {
		const codes = Array.isArray(body.error_codes) ? body.error_codes : [];
		return { kind: 'refused', status: 400, codes: codes.filter(Number.isSafeInteger) };
	}
	// An answer that is not Entra's.
	if (code === 'ESTATUS' && typeof status === 'number') return { kind: 'unreadable', status };
	// No answer, or one of 500 and more.
	if (isRecord(config) && String(config.url).endsWith('/oauth2/v2.0/token')) {
		return isRecord(response) && typeof response.status === 'number'
			? { kind: 'unreadable', status: response.status }
			: { kind: 'unreachable', code: typeof code === 'string' ? code : '' };
	}
	return undefined;
}
