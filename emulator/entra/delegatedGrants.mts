import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { SignedInUser } from './accessTokens.mts';
import type { Application } from './application.mts';
import type { Directory } from './directory.mts';
import { signInErrors, type SignInError } from './signInError.mts';

const identityScopes = ['openid', 'profile', 'email', 'offline_access'];
const codeLifetime = 10 * 60 * 1000;

interface Grant {
	application: Application;
	resource: string;
	user: Omit<SignedInUser, 'scopes'>;
	/** A refresh token is given too. */
	offline: boolean;
	/** Grants of an earlier generation are void, as access tokens are. */
	generation: number;
}

interface PendingCode extends Grant {
	redirectUri: string;
	challenge: string | undefined;
	expiresAt: number;
}

export type GrantOutcome =
	| { kind: 'granted'; grant: Grant; refreshToken: string | undefined }
	| { kind: 'refused'; refusal: SignInError };

export type AuthorizeOutcome =
	{ kind: 'redirect'; location: string } | { kind: 'refused'; refusal: SignInError };

/**
 * Sign-in of an analyst: the authorization code and refresh token grants. The analyst is always the same one, is
 * signed in already and has consented.
 */
export class DelegatedGrants {
	private readonly directory: Directory;
	private readonly realNow: () => number;
	private readonly codes = new Map<string, PendingCode>();
	private readonly refreshTokens = new Map<string, Grant>();
	private readonly userId = randomUUID();

	constructor(directory: Directory, realNow: () => number) {
		this.directory = directory;
		this.realNow = realNow;
	}

	/** Answers the browser's visit to `/authorize` with a code. */
	authorize(query: URLSearchParams, application: Application): AuthorizeOutcome {
		const redirectUri = query.get('redirect_uri') ?? '';
		if (!isAllowedRedirect(redirectUri)) {
			return { kind: 'refused', refusal: signInErrors.redirectMismatch(redirectUri) };
		}
		if (query.get('response_type') !== 'code') {
			return { kind: 'refused', refusal: signInErrors.missingParameter('response_type') };
		}
		const granted = this.grantFor(query.get('scope') ?? '', application);
		if ('error' in granted) return { kind: 'refused', refusal: granted };
		const challenge = query.get('code_challenge') ?? undefined;
		if (challenge !== undefined && query.get('code_challenge_method') !== 'S256') {
			return { kind: 'refused', refusal: signInErrors.missingParameter('code_challenge_method') };
		}
		const code = randomBytes(32).toString('base64url');
		const expiresAt = this.realNow() + codeLifetime;
		this.codes.set(code, { ...granted, redirectUri, challenge, expiresAt });
		const location = new URL(redirectUri);
		location.searchParams.set('code', code);
		const state = query.get('state');
		if (state !== null) location.searchParams.set('state', state);
		return { kind: 'redirect', location: location.href };
	}

	redeemCode(form: URLSearchParams, application: Application): GrantOutcome {
		const code = form.get('code') ?? '';
		const pending = this.codes.get(code);
		this.codes.delete(code);
		if (
			pending === undefined ||
			pending.application !== application ||
			pending.expiresAt <= this.realNow()
		) {
			return { kind: 'refused', refusal: signInErrors.badCode() };
		}
		if (pending.redirectUri !== form.get('redirect_uri')) {
			return { kind: 'refused', refusal: signInErrors.redirectMismatch(pending.redirectUri) };
		}
		const { challenge } = pending;
		const proof = createHash('sha256')
			.update(form.get('code_verifier') ?? '')
			.digest('base64url');
		if (challenge !== undefined && challenge !== proof) {
			return { kind: 'refused', refusal: signInErrors.badVerifier() };
		}
		return this.give(pending);
	}

	refresh(form: URLSearchParams, application: Application): GrantOutcome {
		const grant = this.refreshTokens.get(form.get('refresh_token') ?? '');
		if (grant === undefined || grant.application !== application) {
			return { kind: 'refused', refusal: signInErrors.badCode() };
		}
		if (grant.generation < application.tokenGeneration) {
			return { kind: 'refused', refusal: signInErrors.revokedGrant() };
		}
		return this.give(grant);
	}

	private give(grant: Grant): GrantOutcome {
		if (!grant.offline) return { kind: 'granted', grant, refreshToken: undefined };
		const refreshToken = `1.${randomBytes(48).toString('base64url')}`;
		this.refreshTokens.set(refreshToken, grant);
		return { kind: 'granted', grant, refreshToken };
	}

	/** Scopes of one resource, by name or as `.default`, and those of the identity platform. */
	private grantFor(scope: string, application: Application): Grant | SignInError {
		const wanted = scope.split(' ').filter((name) => name !== '' && !identityScopes.includes(name));
		const parts = wanted.map((name) => {
			const slash = name.lastIndexOf('/');
			return { resource: name.slice(0, Math.max(0, slash)), name: name.slice(slash + 1) };
		});
		const [first] = parts;
		if (first === undefined || parts.some(({ resource }) => resource !== first.resource)) {
			return signInErrors.badDelegatedScope(scope);
		}
		if (!this.directory.resources.includes(first.resource)) {
			return signInErrors.unknownResource(first.resource, this.directory.tenantId);
		}
		const missing = parts.find(
			({ name }) => name !== '.default' && !application.scopes.includes(name),
		);
		if (missing !== undefined) return signInErrors.missingConsent(application.clientId);
		return {
			application,
			resource: first.resource,
			user: { objectId: this.userId, userName: 'analyst@contoso.example' },
			offline: scope.split(' ').includes('offline_access'),
			generation: application.tokenGeneration,
		};
	}
}

/** Registered are n8n's callback on this machine and any https address. */
function isAllowedRedirect(redirectUri: string): boolean {
	const url = URL.canParse(redirectUri) ? new URL(redirectUri) : undefined;
	if (url === undefined || url.hash !== '') return false;
	const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
	return url.protocol === 'https:' || (url.protocol === 'http:' && loopback);
}
