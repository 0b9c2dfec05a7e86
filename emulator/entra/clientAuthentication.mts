import { timingSafeEqual } from 'node:crypto';
import type { Incoming } from '../http/incoming.mts';
import type { Application } from './application.mts';
import { ClientAssertions } from './clientAssertion.mts';
import { signInErrors, type SignInError } from './signInError.mts';

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** The form of a token request; a client that signs in by Basic authentication is put into it. */
export function readForm(incoming: Incoming): URLSearchParams {
	const contentType = incoming.headers['content-type'] ?? '';
	const form = new URLSearchParams(
		contentType.startsWith('application/x-www-form-urlencoded')
			? incoming.body.toString('utf8')
			: '',
	);
	const basic = /^Basic (\S+)$/.exec(incoming.headers.authorization ?? '')?.[1];
	if (basic !== undefined && !form.has('client_secret')) {
		const [id, ...secret] = Buffer.from(basic, 'base64').toString('utf8').split(':');
		form.set('client_id', formDecode(id));
		form.set('client_secret', formDecode(secret.join(':')));
	}
	return form;
}

/** Tells whether a client is who it says: by its secret or by a signed assertion. */
export class ClientAuthentication {
	private readonly assertions = new ClientAssertions();
	private readonly options: { loginUrl: () => string; realNow: () => number };

	constructor(options: { loginUrl: () => string; realNow: () => number }) {
		this.options = options;
	}

	/** Returns why the client is refused, or undefined. */
	check(form: URLSearchParams, application: Application, tenant: string): SignInError | undefined {
		const assertion = form.get('client_assertion');
		if (assertion !== null) {
			if (form.get('client_assertion_type') !== assertionType) {
				return signInErrors.missingParameter('client_assertion_type');
			}
			return this.assertions.check({
				assertion,
				application,
				audiences: this.audiences(tenant),
				realNow: this.options.realNow(),
			});
		}
		const secret = form.get('client_secret');
		if (secret === null || secret === '') return signInErrors.noClientCredential();
		const known = application.secrets.find((entry) => sameText(entry.value, secret));
		if (known === undefined) return signInErrors.wrongSecret(application.clientId);
		if (known.expiresAt <= this.options.realNow()) {
			return signInErrors.expiredSecret(application.clientId);
		}
		return undefined;
	}

	/**
	 * Libraries make assertions for an https authority only. As the emulator is on plain http, an
	 * assertion for the same endpoint under https or under Entra's public hosts is good too.
	 */
	private audiences(tenant: string): string[] {
		const own = new URL(this.options.loginUrl());
		return [
			own.origin,
			`https://${own.host}`,
			'https://login.microsoftonline.com',
			'https://login.microsoftonline.us',
		].map((origin) => `${origin}/${tenant}/oauth2/v2.0/token`);
	}
}

function formDecode(text: string): string {
	return new URLSearchParams(`x=${text}`).get('x') ?? '';
}

function sameText(left: string, right: string): boolean {
	const [a, b] = [Buffer.from(left), Buffer.from(right)];
	return a.length === b.length && timingSafeEqual(a, b);
}
