import { jsonAnswer, type Answer } from '../http/answer.mts';
import type { Incoming } from '../http/incoming.mts';
import type { SignedInUser } from './accessTokens.mts';
import type { Application } from './application.mts';
import { ClientAuthentication, readForm } from './clientAuthentication.mts';
import { DelegatedGrants } from './delegatedGrants.mts';
import { applicationOf, type Directory } from './directory.mts';
import { reportedRefusals, type ReportedRefusal } from './reportedRefusals.mts';
import { signInErrorAnswer, signInErrors, type SignInError } from './signInError.mts';

const path = /^\/([^/]+)\/oauth2\/v2\.0\/(token|authorize)$/;
const tenantForm = /^[0-9a-z.-]+$/i;

export interface SignInOptions {
	/** Where the endpoints are reached, without the tenant. */
	loginUrl: () => string;
	/** Real time, milliseconds since 1970. */
	realNow: () => number;
	lifetimeSeconds: () => number;
	/** How many of the first application tokens carry no roles. */
	tokensWithoutRoles: () => number;
}

type Outcome =
	| {
			kind: 'token';
			application: Application;
			resource: string;
			user?: SignedInUser;
			refreshToken?: string;
	  }
	| { kind: 'redirect'; location: string }
	| { kind: 'refused'; refusal: SignInError };

const refused = (refusal: SignInError): Outcome => ({ kind: 'refused', refusal });

/**
 * `/{tenant}/oauth2/v2.0/token` with the grants client credentials, authorization code and refresh token, and
 * `/{tenant}/oauth2/v2.0/authorize`.
 * https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 */
export class SignInEndpoints {
	private readonly directory: Directory;
	private readonly options: SignInOptions;
	private readonly clients: ClientAuthentication;
	private readonly delegated: DelegatedGrants;
	private applicationTokens = 0;

	constructor(directory: Directory, options: SignInOptions) {
		this.directory = directory;
		this.options = options;
		this.clients = new ClientAuthentication(options);
		this.delegated = new DelegatedGrants(directory, options.realNow);
	}

	static handles({ method, path: requested }: Incoming): boolean {
		return (
			method === (path.exec(requested)?.[2] === 'authorize' ? 'GET' : 'POST') &&
			path.test(requested)
		);
	}

	/** `withoutRoles`: a token of the application carries no permissions. */
	answer(incoming: Incoming, { withoutRoles = false } = {}): Answer {
		const outcome = this.decide(incoming);
		switch (outcome.kind) {
			case 'refused':
				return signInErrorAnswer(outcome.refusal, this.options.realNow());
			case 'redirect':
				return { status: 302, headers: { Location: outcome.location }, body: '' };
			case 'token':
				return this.tokenAnswer(outcome, withoutRoles);
		}
	}

	/** Refuses a sign-in as users have reported it. */
	refuse(incoming: Incoming, refusal: ReportedRefusal): Answer {
		const [, tenant = ''] = path.exec(incoming.path) ?? [];
		const clientId = readForm(incoming).get('client_id') ?? '';
		return signInErrorAnswer(
			reportedRefusals[refusal]({ clientId, tenant }),
			this.options.realNow(),
		);
	}

	private decide(incoming: Incoming): Outcome {
		const [, tenant, endpoint] = path.exec(incoming.path) ?? ['', '', ''];
		if (!tenantForm.test(tenant)) return refused(signInErrors.malformedTenant(tenant));
		if (!this.isTenant(tenant)) return refused(signInErrors.unknownTenant(tenant));
		const form = endpoint === 'token' ? readForm(incoming) : new URLSearchParams(incoming.query);
		if (endpoint === 'token' && !form.has('grant_type')) {
			return refused(signInErrors.missingParameter('grant_type'));
		}
		const clientId = form.get('client_id');
		if (clientId === null) return refused(signInErrors.missingParameter('client_id'));
		const application = applicationOf(this.directory, clientId);
		if (application === undefined) {
			return refused(signInErrors.unknownApplication(clientId, tenant));
		}
		if (endpoint === 'authorize') return this.delegated.authorize(form, application);
		const refusal = this.clients.check(form, application, tenant);
		return refusal === undefined ? this.grant(form, application) : refused(refusal);
	}

	private grant(form: URLSearchParams, application: Application): Outcome {
		const type = form.get('grant_type') ?? '';
		switch (type) {
			case 'client_credentials':
				return this.clientCredentials(form, application);
			case 'authorization_code':
			case 'refresh_token': {
				const outcome =
					type === 'refresh_token'
						? this.delegated.refresh(form, application)
						: this.delegated.redeemCode(form, application);
				if (outcome.kind === 'refused') return outcome;
				const { resource } = outcome.grant;
				// Entra puts every consented permission of the resource into the token.
				const user = { ...outcome.grant.user, scopes: [...application.scopes] };
				return {
					kind: 'token',
					...{ application, resource, user, refreshToken: outcome.refreshToken },
				};
			}
			default:
				return refused(signInErrors.unsupportedGrant(type));
		}
	}

	private clientCredentials(form: URLSearchParams, application: Application): Outcome {
		const scope = form.get('scope');
		if (scope === null) return refused(signInErrors.missingParameter('scope'));
		if (!/^\S+\/\.default$/.test(scope)) return refused(signInErrors.badScope(scope));
		const resource = scope.slice(0, -'/.default'.length);
		if (!this.directory.resources.includes(resource)) {
			return refused(signInErrors.unknownResource(resource, this.directory.tenantId));
		}
		return { kind: 'token', application, resource };
	}

	private tokenAnswer(outcome: Extract<Outcome, { kind: 'token' }>, withoutRoles: boolean): Answer {
		const { application, resource, user, refreshToken } = outcome;
		const lifetimeSeconds = this.options.lifetimeSeconds();
		if (user === undefined) this.applicationTokens += 1;
		const isEarly = this.applicationTokens <= this.options.tokensWithoutRoles();
		return jsonAnswer(
			200,
			{
				token_type: 'Bearer',
				...(user === undefined
					? {}
					: { scope: user.scopes.map((scope) => `${resource}/${scope}`).join(' ') }),
				expires_in: lifetimeSeconds,
				ext_expires_in: lifetimeSeconds,
				access_token: this.directory.tokens.issue({
					...{ application, audience: resource, lifetimeSeconds, user },
					...(withoutRoles || isEarly ? { roles: [] } : {}),
				}),
				...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
			},
			{ 'Cache-Control': 'no-store, no-cache', Pragma: 'no-cache' },
		);
	}

	private isTenant(tenant: string): boolean {
		const wanted = tenant.toLowerCase();
		return wanted === this.directory.tenantId || this.directory.domains.includes(wanted);
	}
}
