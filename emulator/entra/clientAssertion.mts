import jwt from 'jsonwebtoken';
import type { Application } from './application.mts';
import { signInErrors, type SignInError } from './signInError.mts';

/** Entra accepts assertions that live at most this long. */
const maxLifetimeSeconds = 24 * 60 * 60;
const clockSkewSeconds = 300;

/**
 * Checks the JWT of certificate sign-in as Entra does: algorithm, thumbprint, signature, audience, issuer,
 * subject and time. A `jti` is taken once.
 * https://learn.microsoft.com/entra/identity-platform/certificate-credentials
 */
export class ClientAssertions {
	private readonly seen = new Set<string>();

	/** Returns why the assertion is refused, or undefined when it is good. */
	check(options: {
		assertion: string;
		application: Application;
		/** The token endpoint's addresses an assertion may be made for. */
		audiences: readonly string[];
		/** Real time, milliseconds since 1970. */
		realNow: number;
	}): SignInError | undefined {
		const { assertion, application, audiences } = options;
		const decoded = jwt.decode(assertion, { complete: true });
		if (decoded === null || typeof decoded.payload === 'string') {
			return signInErrors.malformedAssertion();
		}
		const { alg } = decoded.header;
		if (alg !== 'RS256' && alg !== 'PS256') return signInErrors.malformedAssertion();
		const publicKey = application.publicKeyOf(decoded.header);
		if (publicKey === undefined) return signInErrors.unknownCertificate();
		try {
			jwt.verify(assertion, publicKey, {
				algorithms: [alg],
				ignoreExpiration: true,
				ignoreNotBefore: true,
			});
		} catch {
			return signInErrors.badAssertionSignature();
		}

		const { aud, iss, sub, exp, nbf, jti } = decoded.payload;
		if (typeof aud !== 'string' || !audiences.includes(aud))
			return signInErrors.assertionAudience();
		if (iss !== application.clientId || sub !== application.clientId) {
			return signInErrors.assertionSubject();
		}
		const now = options.realNow / 1000;
		if (
			typeof exp !== 'number' ||
			exp + clockSkewSeconds <= now ||
			exp > now + maxLifetimeSeconds ||
			(typeof nbf === 'number' && nbf > now + clockSkewSeconds)
		) {
			return signInErrors.assertionTime();
		}
		if (typeof jti !== 'string' || jti === '') return signInErrors.malformedAssertion();
		if (this.seen.has(jti)) return signInErrors.reusedAssertion();
		this.seen.add(jti);
		return undefined;
	}
}
