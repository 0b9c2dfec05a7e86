import type { TokenClaims } from '../entra/accessTokens.mts';
import { applicationOf, type Directory } from '../entra/directory.mts';
import type { Application } from '../entra/application.mts';
import type { Answer } from '../http/answer.mts';
import { apiError } from './apiError.mts';
import type { Permission } from './permissions.mts';

/** Who makes a call. */
export interface Caller {
	application: Application;
	claims: TokenClaims;
	/** What actions show as their requestor. */
	name: string;
}

export type Authentication =
	{ kind: 'caller'; caller: Caller } | { kind: 'refused'; answer: Answer };

/** Checks the bearer token: signature, expiry and audience. */
export function authenticate(
	authorization: string | undefined,
	directory: Directory,
	audiences: readonly string[],
): Authentication {
	const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
	if (token === undefined) return unauthorized('The Authorization header is missing or malformed.');
	const verdict = directory.tokens.verify(token, (clientId) => applicationOf(directory, clientId));
	if (verdict.kind === 'invalid') return unauthorized(`The access token is ${verdict.reason}.`);
	const { claims, application } = verdict;
	if (!audiences.includes(claims.audience)) {
		return {
			kind: 'refused',
			answer: apiError(
				403,
				'Forbidden',
				`The token's audience ${claims.audience} is not accepted.`,
			),
		};
	}
	return {
		kind: 'caller',
		caller: { application, claims, name: claims.userName ?? application.displayName },
	};
}

/** Why a caller may not do something, or undefined when it may. */
export function permissionRefusal(caller: Caller, permission: Permission): Answer | undefined {
	const { claims, application } = caller;
	const delegated = claims.userName !== undefined;
	const needed = delegated ? permission.scopes : permission.roles;
	const held = delegated
		? claims.scopes
		: claims.roles.filter((role) => !application.isWithdrawn(role));
	if (needed.some((name) => held.includes(name))) return undefined;
	return apiError(
		403,
		'Forbidden',
		delegated
			? `The user lacks the required delegated permissions (one of: ${needed.join(', ')}).`
			: `The application does not have any of the required application permissions (${needed.join(', ')}) to access the resource.`,
	);
}

function unauthorized(message: string): Authentication {
	const answer = apiError(401, 'Unauthorized', message);
	answer.headers['WWW-Authenticate'] = 'Bearer error="invalid_token"';
	return { kind: 'refused', answer };
}
