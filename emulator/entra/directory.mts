import type { AccessTokens } from './accessTokens.mts';
import type { Application } from './application.mts';

/** The Entra side of the tenant. */
export interface Directory {
	tenantId: string;
	/** Verified domains, usable in place of the tenant id. */
	domains: string[];
	applications: Application[];
	/** Resources that have a service principal here, e.g. `https://api.securitycenter.microsoft.com`. */
	resources: string[];
	tokens: AccessTokens;
}

export function applicationOf(directory: Directory, clientId: string): Application | undefined {
	return directory.applications.find(
		(application) => application.clientId === clientId.toLowerCase(),
	);
}
