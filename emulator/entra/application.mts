import { createHash, X509Certificate, type KeyObject } from 'node:crypto';
import { anyAction } from '../defender/permissions.mts';

export interface ClientSecret {
	value: string;
	/** Real time, milliseconds since 1970. */
	expiresAt: number;
}

interface RegisteredCertificate {
	sha1: string;
	sha256: string;
	publicKey: KeyObject;
}

/** Application permissions for every call that the tenant answers. */
export const allRoles = [...anyAction, 'Machine.ReadWrite.All', 'Library.Manage'];

/** The same for a user who signs in. */
export const allScopes = [...anyAction, 'Library.Manage', 'Machine.Read', 'Machine.ReadWrite'];

/** An app registration of the tenant: who may sign in, how, and as what. */
export class Application {
	readonly clientId: string;
	readonly objectId: string;
	readonly displayName: string;
	readonly secrets: ClientSecret[] = [];
	/** The delegated permissions that have consent; they are in tokens issued from now on. */
	scopes: readonly string[] = allScopes;
	private readonly certificates: RegisteredCertificate[] = [];
	private readonly granted: Set<string>;
	private readonly withdrawn = new Set<string>();
	/** Tokens of an earlier generation are void. */
	tokenGeneration = 0;

	constructor(options: {
		clientId: string;
		objectId: string;
		displayName: string;
		roles?: readonly string[];
	}) {
		this.clientId = options.clientId;
		this.objectId = options.objectId;
		this.displayName = options.displayName;
		this.granted = new Set(options.roles ?? allRoles);
	}

	/** The application permissions that have admin consent. */
	get roles(): string[] {
		return [...this.granted].sort();
	}

	/** Grants a permission: it is in tokens issued from now on. */
	grantRole(role: string): void {
		this.granted.add(role);
		this.withdrawn.delete(role);
	}

	/** Withdraws a permission, in tokens already issued too. */
	removeRole(role: string): void {
		this.granted.delete(role);
		this.withdrawn.add(role);
	}

	/** Replaces all permissions; new tokens carry them, issued ones keep theirs. */
	setRoles(roles: readonly string[]): void {
		this.granted.clear();
		for (const role of roles) this.granted.add(role);
	}

	isWithdrawn(role: string): boolean {
		return this.withdrawn.has(role);
	}

	addSecret(value: string, expiresAt = Infinity): void {
		this.secrets.push({ value, expiresAt });
	}

	addCertificate(pem: string): void {
		const certificate = new X509Certificate(pem);
		const thumbprint = (algorithm: string) =>
			createHash(algorithm).update(certificate.raw).digest('base64url');
		this.certificates.push({
			sha1: thumbprint('sha1'),
			sha256: thumbprint('sha256'),
			publicKey: certificate.publicKey,
		});
	}

	/** The key of the certificate that an assertion's header names, by `x5t` or `x5t#S256`. */
	publicKeyOf(header: { x5t?: unknown; 'x5t#S256'?: unknown }): KeyObject | undefined {
		return this.certificates.find((certificate) =>
			header['x5t#S256'] !== undefined
				? header['x5t#S256'] === certificate.sha256
				: header.x5t === certificate.sha1,
		)?.publicKey;
	}

	revokeTokens(): void {
		this.tokenGeneration += 1;
	}
}
