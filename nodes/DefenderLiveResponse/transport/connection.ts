import type { IExecuteFunctions, ILoadOptionsFunctions, INode, IPollFunctions } from 'n8n-workflow';

import { nodeError } from '../inputs/nodeErrors';
import { budgetOf } from '../limits/appBudgets';
import { systemClock, type Clock } from '../limits/clock';
import { resolveEndpoints, type CloudEndpoints } from './clouds';
import type { Proof } from './signInMessages';
import type { RateBudget } from '../limits/rateBudget';

export type RequestFunctions = IExecuteFunctions | ILoadOptionsFunctions | IPollFunctions;

export type CredentialType = 'defenderLiveResponseApi' | 'defenderLiveResponseOAuth2Api';

/** Everything a call needs besides the call itself; opened once for a node run. */
export interface Connection {
	functions: RequestFunctions;
	credentialType: CredentialType;
	endpoints: CloudEndpoints;
	/** Who calls: the app registration of the credential. */
	app: { tenantId: string; clientId: string };
	/** Of an app that a user signs in to. */
	proof: Proof;
	budget: RateBudget;
	/** Who takes turns in the budget: one execution. */
	owner: string;
	maxHoldMs: number;
	clock: Clock;
	signal?: AbortSignal;
	/** What the user may want to know after the run. */
	events: ConnectionEvents;
}

export interface ConnectionEvents {
	/** Time in which at least one call was held back by a limit, and until when that is counted. */
	heldMs: number;
	heldUntil: number;
	renewedLinks: number;
	/** Complete sentences. */
	hints: Set<string>;
}

const DEFAULT_CALLS_PER_MINUTE = 100;
const DEFAULT_CALLS_PER_HOUR = 1500;

/** Whether a signed-in user makes the calls, instead of the app registration itself. */
export function isDelegated(node: INode): boolean {
	return node.parameters.authentication === 'oAuth2';
}

/** The credential that the node's 'Authentication' stands for. */
export function credentialTypeOf(node: INode): CredentialType {
	return isDelegated(node) ? 'defenderLiveResponseOAuth2Api' : 'defenderLiveResponseApi';
}

/** Reads the credential once and finds the budget that its app registration shares. */
export async function openConnection(
	functions: RequestFunctions,
	settings: { maxHoldSeconds: number; signal?: AbortSignal },
): Promise<Connection> {
	const credentialType = credentialTypeOf(functions.getNode());
	const credential = await functions.getCredentials(credentialType);
	const outcome = resolveEndpoints(credential);
	if (outcome.kind === 'invalid') {
		throw nodeError(functions.getNode(), 'signInFailed', {
			message: 'A field of the credential needs another value',
			description: outcome.message,
		});
	}
	if (isDelegated(functions.getNode()) && credential.oauthTokenData === undefined) {
		throw nodeError(functions.getNode(), 'signInFailed', {
			message: 'The credential is not connected to a user',
			description:
				'Open the credential, press Connect and sign in. The node then acts as that user.',
		});
	}
	const app = {
		tenantId: String(credential.tenantId ?? ''),
		clientId: String(credential.clientId ?? ''),
	};
	const budget = budgetOf(
		{
			apiUrl: outcome.endpoints.apiUrl,
			...app,
			callsPerMinute: positive(credential.callsPerMinute, DEFAULT_CALLS_PER_MINUTE),
			callsPerHour: positive(credential.callsPerHour, DEFAULT_CALLS_PER_HOUR),
		},
		systemClock,
	);
	return {
		functions,
		credentialType,
		endpoints: outcome.endpoints,
		app,
		proof: credential.clientCredentialType === 'certificate' ? 'certificate' : undefined,
		budget,
		owner: executionIdOf(functions),
		maxHoldMs: Math.max(0, settings.maxHoldSeconds) * 1000,
		clock: systemClock,
		signal: settings.signal,
		events: { heldMs: 0, heldUntil: 0, renewedLinks: 0, hints: new Set() },
	};
}

function positive(value: unknown, fallback: number): number {
	const number = Math.floor(Number(value));
	return Number.isFinite(number) && number > 0 ? number : fallback;
}

function executionIdOf(functions: RequestFunctions): string {
	const executionId = 'getExecutionId' in functions ? functions.getExecutionId() : '';
	return executionId || functions.getNode().id;
}
