import type { SignInError } from './signInError.mts';

interface Place {
	clientId: string;
	/** As the request names it. */
	tenant: string;
}

/** Refusals of Entra that its users report, in its words; they are ordered as faults by these names. */
export const reportedRefusals = {
	certificateOutsideValidity: () => ({
		error: 'invalid_client',
		code: 1000502,
		message: 'The provided certificate is not within its specified validity window.',
	}),
	certificateRevoked: () => ({
		error: 'invalid_client',
		code: 7000214,
		message: 'Certificate has been revoked.',
	}),
	noServicePrincipal: ({ clientId, tenant }) => ({
		error: 'invalid_client',
		code: 7000229,
		message: `The client application ${clientId} is missing service principal in the tenant ${tenant}. See instructions here: https://go.microsoft.com/fwlink/?linkid=2225119`,
	}),
	assertionSignature: () => ({
		error: 'invalid_client',
		code: 70002,
		innerCode: 50012,
		message:
			"Error validating credentials. AADSTS50012: Client assertion contains an invalid signature. [Reason - The key was not found., Thumbprint of key used by client: '4F1C2A9E7B60D35812C4AE907F3D6B815E2049CA']",
	}),
	assertionTimeRange: () => ({
		error: 'invalid_grant',
		code: 70002,
		innerCode: 500133,
		message:
			'Error validating credentials. AADSTS500133: Assertion is not within its valid time range.',
	}),
	temporarilyUnavailable: () => ({
		error: 'temporarily_unavailable',
		code: 90033,
		status: 503,
		message: 'A transient error has occurred. Please try again.',
	}),
} as const satisfies Record<string, (place: Place) => SignInError>;

export type ReportedRefusal = keyof typeof reportedRefusals;

export const isReportedRefusal = (name: string): name is ReportedRefusal =>
	Object.hasOwn(reportedRefusals, name);
