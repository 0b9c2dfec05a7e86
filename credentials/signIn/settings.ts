import { type ICredentialDataDecryptedObject, UserError } from 'n8n-workflow';

import { type CloudEndpoints } from '../../nodes/DefenderLiveResponse/transport/cloudEndpoints';
import { resolveEndpoints } from '../../nodes/DefenderLiveResponse/transport/clouds';
import { type ClientCertificate, readClientCertificate } from './clientCertificate';
import { isGuid } from '../../nodes/DefenderLiveResponse/domain/identifiers';

/** How the app registration proves who it is. */
export type ClientProof =
	| { kind: 'clientSecret'; clientSecret: string }
	| { kind: 'certificate'; certificate: ClientCertificate };

/** The credential's fields, checked. */
export interface SignInSettings {
	endpoints: CloudEndpoints;
	/** A GUID or a domain name. */
	tenantId: string;
	/** A GUID. */
	clientId: string;
	proof: ClientProof;
}

const DOMAIN = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/i;

/**
 * Checks everything that can be known without a network call. Throws a UserError that names the
 * field to change and never quotes what was entered.
 */
export function readSignInSettings(
	credentials: ICredentialDataDecryptedObject,
	now: Date,
): SignInSettings {
	const cloud = resolveEndpoints(credentials);
	switch (cloud.kind) {
		case 'invalid':
			throw new UserError(cloud.message);
		case 'endpoints':
			return {
				endpoints: cloud.endpoints,
				tenantId: tenantId(text(credentials.tenantId)),
				clientId: clientId(text(credentials.clientId)),
				proof: clientProof(credentials, now),
			};
	}
}

function tenantId(value: string): string {
	if (value === '') {
		throw new UserError(
			"The field 'Directory (Tenant) ID' is empty. Copy it from the Overview page of the app registration",
		);
	}
	if (!isGuid(value) && !DOMAIN.test(value)) {
		throw new UserError(
			"The value in the field 'Directory (Tenant) ID' is neither a GUID nor a domain name. Copy it from the Overview page of the app registration",
		);
	}
	return value;
}

function clientId(value: string): string {
	if (value === '') {
		throw new UserError(
			"The field 'Application (Client) ID' is empty. Copy it from the Overview page of the app registration",
		);
	}
	if (!isGuid(value)) {
		throw new UserError(
			"The value in the field 'Application (Client) ID' is not a GUID. Copy it from the Overview page of the app registration",
		);
	}
	return value;
}

function clientProof(credentials: ICredentialDataDecryptedObject, now: Date): ClientProof {
	const authentication = text(credentials.authentication) || 'clientSecret';
	switch (authentication) {
		case 'clientSecret': {
			const clientSecret = text(credentials.clientSecret);
			if (clientSecret === '') {
				throw new UserError(
					"The field 'Client Secret' is empty. Create a secret under Certificates & secrets of the app registration and paste its Value",
				);
			}
			return { kind: 'clientSecret', clientSecret };
		}
		case 'certificate':
			return {
				kind: 'certificate',
				certificate: readClientCertificate(
					text(credentials.privateKey),
					text(credentials.certificate),
					now,
				),
			};
		default:
			throw new UserError("Choose one of the listed values in the field 'Authentication'");
	}
}

function text(value: unknown): string {
	return typeof value === 'string' ? value.trim() : '';
}
