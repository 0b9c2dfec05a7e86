import { randomUUID } from 'node:crypto';

import { Application } from '../../emulator/entra/application.mts';
import type { CredentialValues, Emulator } from '../../emulator/emulator.mts';

/**
 * Registers an app, with consent in each of the tenants. Limits belong to an app: tests that run side by side, each
 * with one of its own, do not wait for each other.
 * @returns its credential for the first tenant
 */
export function newApplication(tenants: readonly Emulator[]): CredentialValues {
	const clientId = randomUUID();
	const clientSecret = randomUUID();
	for (const { tenant } of tenants) {
		const application = new Application({
			clientId,
			objectId: randomUUID(),
			displayName: `Live Response ${clientId}`,
		});
		application.addSecret(clientSecret);
		tenant.directory.applications.push(application);
	}
	return { ...tenants[0].credential, clientId, clientSecret };
}
