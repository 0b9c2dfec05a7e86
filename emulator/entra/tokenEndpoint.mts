import { timingSafeEqual } from 'node:crypto';
import { jsonAnswer, type Answer } from '../http/answer.mts';
import type { Incoming } from '../http/incoming.mts';
import type { Application } from './application.mts';
import { ClientAssertions } from './clientAssertion.mts';
import { applicationOf, type Directory } from './directory.mts';
import { signInErrorAnswer, signInErrors, type SignInError } from './signInError.mts';

const tokenPath = /^\/([^/]+)\/oauth2\/v2\.0\/token$/;
const tenantForm = /^[0-9a-z.-]+$/i;
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

export interface TokenEndpointOptions {
	/** Where the endpoint is reached, without the tenant. */
	loginUrl: () => string;
	realNow: () => number;
	lifetimeSeconds: () => number;
}

type Outcome =
	| { kind: 'token'; application: Application; resource: string }
	| { kind: 'refused'; refusal: SignInError };

const refused = (refusal: SignInError): Outcome => ({ kind: 'refused', refusal });

/**
 * `POST /{tenant}/oauth2/v2.0/token` with the client credentials grant.
 * https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 */
export class TokenEndpoint {
	private readonly directory: Directory;
	private readonly assertions = new ClientAssertions();
	private readonly options: TokenEndpointOptions;

	constructor(directory: Directory, options: TokenEndpointOptions) {
		this.directory = directory;
		this.options = options;
	}

	static handles(path: string): boolean {
		return tokenPath.test(path);
	}

	answer(incoming: Incoming): Answer {
		const outcome = this.decide(incoming);
		if (outcome.kind === 'refused') {
			return signInErrorAnswer(outcome.refusal, this.options.realNow());
		}
		const lifetimeSeconds = this.options.lifetimeSeconds();
		return jsonAnswer(
			200,
			{
				token_type: 'Bearer',
				expires_in: lifetimeSeconds,
				ext_expires_in: lifetimeSeconds,
				access_token: this.directory.tokens.issue({
					application: outcome.application,
					audience: outcome.resource,
					lifetimeSeconds,
				}),
			},
			{ 'Cache-Control': 'no-store, no-cache', Pragma: 'no-cache' },
		);
	}

	private decide(incoming: Incoming): Outcome {
		const tenant = decodeURIComponent(tokenPath.exec(incoming.path)?.[1] ?? '');
		if (!tenantForm.test(tenant)) return refused(signInErrors.malformedTenant(tenant));
		if (!this.isTenant(tenant)) return refused(signInErrors.unknownTenant(tenant));

		const contentType = incoming.headers['content-type'] ?? '';
		const form = contentType.startsWith('application/x-www-form-urlencoded')
			? new URLSearchParams(incoming.body.toString('utf8'))
			: new URLSearchParams();
		const grant = form.get('grant_type');
		if (grant === null) return refused(signInErrors.missingParameter('grant_type'));
		if (grant !== 'client_credentials') return refused(signInErrors.unsupportedGrant(grant));
		const clientId = form.get('client_id');
		if (clientId === null) return refused(signInErrors.missingParameter('client_id'));
		const application = applicationOf(this.directory, clientId);
		if (application === undefined) {
			return refused(signInErrors.unknownApplication(clientId, tenant));
		}
		const refusal = this.checkClient(form, application, tenant);
		if (refusal !== undefined) return refused(refusal);

		const scope = form.get('scope');
		if (scope === null) return refused(signInErrors.missingParameter('scope'));
		if (!/^\S+\/\.default$/.test(scope)) return refused(signInErrors.badScope(scope));
		const resource = scope.slice(0, -'/.default'.length);
		if (!this.directory.resources.includes(resource)) {
			return refused(signInErrors.unknownResource(resource, tenant));
		}
		return { kind: 'token', application, resource };
	}

	private isTenant(tenant: string): boolean {
		const wanted = tenant.toLowerCase();
		return wanted === this.directory.tenantId || this.directory.domains.includes(wanted);
	}

	private checkClient(
		form: URLSearchParams,
		application: Application,
		tenant: string,
	): SignInError | undefined {
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

function sameText(left: string, right: string): boolean {
	const [a, b] = [Buffer.from(left), Buffer.from(right)];
	return a.length === b.length && timingSafeEqual(a, b);
}
