import { generateKeyPair, randomUUID, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import jwt from 'jsonwebtoken';
import type { Application } from './application.mts';

/** What a valid token says. Exactly one of `roles` and `scp` is filled. */
export interface TokenClaims {
	audience: string;
	appId: string;
	/** Application permissions. */
	roles: string[];
	/** Delegated permissions. */
	scopes: string[];
	/** The user's name in delegated tokens. */
	userName: string | undefined;
	/** Real time, milliseconds since 1970. */
	expiresAt: number;
}

export type TokenVerdict =
	| { kind: 'valid'; claims: TokenClaims; application: Application }
	| { kind: 'invalid'; reason: 'malformed' | 'expired' | 'revoked' };

export interface SignedInUser {
	objectId: string;
	userName: string;
	scopes: string[];
}

interface Issued {
	claims: TokenClaims;
	generation: number;
}

/** Issues and checks access tokens: RS256 JWTs with the claims of Entra's v1 tokens. */
export class AccessTokens {
	private readonly tenantId: string;
	private readonly realNow: () => number;
	private readonly keys: { publicKey: KeyObject; privateKey: KeyObject };
	/** Signature checks are costly and tokens are reused, so each token is verified once. */
	private readonly verified = new Map<string, Issued>();

	private constructor(
		tenantId: string,
		realNow: () => number,
		keys: { publicKey: KeyObject; privateKey: KeyObject },
	) {
		this.tenantId = tenantId;
		this.realNow = realNow;
		this.keys = keys;
	}

	static async create(tenantId: string, realNow: () => number): Promise<AccessTokens> {
		const keys = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
		return new AccessTokens(tenantId, realNow, keys);
	}

	issue(options: {
		application: Application;
		audience: string;
		lifetimeSeconds: number;
		user?: SignedInUser;
		/** Default: the application's. */
		roles?: readonly string[];
	}): string {
		const { application, audience, lifetimeSeconds, user } = options;
		const issuedAt = Math.floor(this.realNow() / 1000);
		const { roles = application.roles } = options;
		return jwt.sign(
			{
				aud: audience,
				iss: `https://sts.windows.net/${this.tenantId}/`,
				iat: issuedAt,
				nbf: issuedAt,
				exp: issuedAt + lifetimeSeconds,
				appid: application.clientId,
				app_displayname: application.displayName,
				tid: this.tenantId,
				uti: randomUUID(),
				ver: '1.0',
				xms_generation: application.tokenGeneration,
				...(user === undefined
					? {
							idtyp: 'app',
							oid: application.objectId,
							sub: application.objectId,
							...(roles.length > 0 ? { roles } : {}),
						}
					: {
							idtyp: 'user',
							oid: user.objectId,
							sub: user.objectId,
							upn: user.userName,
							scp: user.scopes.join(' '),
						}),
			},
			this.keys.privateKey,
			{ algorithm: 'RS256', keyid: 'emulator' },
		);
	}

	/** `applicationOf` finds the app registration a token was issued to. */
	verify(
		token: string,
		applicationOf: (clientId: string) => Application | undefined,
	): TokenVerdict {
		const issued = this.verified.get(token) ?? this.verifyOnce(token);
		if (issued === undefined) return { kind: 'invalid', reason: 'malformed' };
		if (issued.claims.expiresAt <= this.realNow()) return { kind: 'invalid', reason: 'expired' };
		const application = applicationOf(issued.claims.appId);
		if (application === undefined || issued.generation < application.tokenGeneration) {
			return { kind: 'invalid', reason: 'revoked' };
		}
		return { kind: 'valid', claims: issued.claims, application };
	}

	private verifyOnce(token: string): Issued | undefined {
		let payload: jwt.JwtPayload;
		try {
			payload = jwt.verify(token, this.keys.publicKey, {
				algorithms: ['RS256'],
				ignoreExpiration: true,
				ignoreNotBefore: true,
			}) as jwt.JwtPayload;
		} catch {
			return undefined;
		}
		const issued: Issued = {
			claims: {
				audience: String(payload.aud),
				appId: String(payload.appid),
				roles: (payload.roles as string[] | undefined) ?? [],
				scopes: String(payload.scp ?? '')
					.split(' ')
					.filter(Boolean),
				userName: payload.upn as string | undefined,
				expiresAt: Number(payload.exp) * 1000,
			},
			generation: Number(payload.xms_generation),
		};
		this.verified.set(token, issued);
		return issued;
	}
}
