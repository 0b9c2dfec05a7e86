import type {
	ICredentialDataDecryptedObject,
	IExecuteFunctions,
	ILoadOptionsFunctions,
	INode,
	IPollFunctions,
} from 'n8n-workflow';

import { apiError, nodeError } from '../inputs/nodeErrors';
import { budgetOf, type CallBudget } from '../limits/appBudgets';
import { systemClock, type Clock } from '../limits/clock';
import { DOCUMENTED_LIMITS } from '../limits/rateLimits';
import { type CloudEndpoints } from './cloudEndpoints';
import { resolveEndpoints } from './clouds';
import { needsItem } from './credentialData';
import { assertFittingToken } from './oAuth2Token';
import type { Proof } from './signInMessages';
import type { WasStopped } from './stoppedExecution';

export type RequestFunctions = IExecuteFunctions | ILoadOptionsFunctions | IPollFunctions;

export type CredentialType = 'defenderLiveResponseApi' | 'defenderLiveResponseOAuth2Api';

/** Everything a call needs besides the call itself: one for each set of the credential's fields in a node run. */
export interface Connection extends RunSettings {
	functions: RequestFunctions;
	credentialType: CredentialType;
	/** The credential's fields, secrets included: for signing in and nothing else. */
	credential: ICredentialDataDecryptedObject;
	endpoints: CloudEndpoints;
	/** Who calls: the app registration of the credential. */
	app: { tenantId: string; clientId: string };
	/** Of an app that a user signs in to. */
	proof: Proof;
	budget: CallBudget;
	/** Who takes turns in the budget: one execution. */
	owner: string;
	clock: Clock;
}

/** What all connections of a node run share. */
export interface RunSettings {
	maxHoldMs: number;
	/** Ends whatever waits: the execution was stopped, or the node has failed. */
	signal?: AbortSignal;
	/** Asked before each call: whether Stop was pressed where n8n tells the node nothing of it. */
	wasStopped?: WasStopped;
	/** What the user may want to know after the run. */
	events: ConnectionEvents;
}

export interface ConnectionEvents {
	/** Time in which at least one call was held back by a limit, and until when that is counted. */
	heldMs: number;
	heldUntil: number;
	renewedLinks: number;
	/** Ids of the machine actions that the run has started. */
	started: Set<string>;
	/** Ids of machine actions that were seen to have ended. */
	ended: Set<string>;
	/** Complete sentences. */
	hints: Set<string>;
}

export const noEvents = (): ConnectionEvents => ({
	heldMs: 0,
	heldUntil: 0,
	renewedLinks: 0,
	started: new Set(),
	ended: new Set(),
	hints: new Set(),
});

/** Whether a signed-in user makes the calls, instead of the app registration itself. */
export function isDelegated(node: INode): boolean {
	return node.parameters.authentication === 'oAuth2';
}

/** The credential that the node's 'Authentication' stands for. */
export function credentialTypeOf(node: INode): CredentialType {
	return isDelegated(node) ? 'defenderLiveResponseOAuth2Api' : 'defenderLiveResponseApi';
}

/** Reads the credential where there are no items: in a trigger, and for a list to choose from. */
export async function openConnection(
	functions: ILoadOptionsFunctions | IPollFunctions,
	{ maxHoldSeconds }: { maxHoldSeconds: number },
): Promise<Connection> {
	const node = functions.getNode();
	const credential = await functions.getCredentials(credentialTypeOf(node));
	if (!isDelegated(node) && needsItem(credential)) {
		// Of another class of error the editor shows the message alone, where it would show a list.
		throw apiError(node, null, 'invalidInput', {
			message:
				'A field of the credential is an expression that uses $json, and there are no items here',
			description:
				'Triggers and lists have no items. For a trigger, choose a credential with fixed values; in the node, enter an ID or a name instead of choosing it from the list.',
		});
	}
	return connect(functions, credential, {
		maxHoldMs: Math.max(0, maxHoldSeconds) * 1000,
		events: noEvents(),
	});
}

/** Finds what the credential's fields stand for, and the budget that its app registration shares. */
export function connect(
	functions: RequestFunctions,
	credential: ICredentialDataDecryptedObject,
	run: RunSettings,
): Connection {
	const node = functions.getNode();
	const outcome = resolveEndpoints(credential);
	if (outcome.kind === 'invalid') {
		throw nodeError(node, 'signInFailed', {
			message: 'A field of the credential has a value that cannot be used',
			description: outcome.message,
		});
	}
	const app = { tenantId: text(credential.tenantId), clientId: text(credential.clientId) };
	if (isDelegated(node)) assertFittingToken(node, credential, { ...outcome.endpoints, ...app });
	return {
		...run,
		functions,
		credentialType: credentialTypeOf(node),
		credential,
		endpoints: outcome.endpoints,
		app,
		proof: credential.clientCredentialType === 'certificate' ? 'certificate' : undefined,
		budget: budgetOf(
			[outcome.endpoints.loginUrl, app.tenantId, app.clientId],
			{
				callsPerMinute: positive(credential.callsPerMinute, DOCUMENTED_LIMITS.callsPerMinute),
				callsPerHour: positive(credential.callsPerHour, DOCUMENTED_LIMITS.callsPerHour),
			},
			systemClock,
		),
		owner: executionIdOf(functions),
		clock: systemClock,
	};
}

const text = (value: unknown) => (typeof value === 'string' ? value.trim() : '');

function positive(value: unknown, fallback: number): number {
	const number = Math.floor(Number(value));
	return Number.isFinite(number) && number > 0 ? number : fallback;
}

function executionIdOf(functions: RequestFunctions): string {
	const executionId = 'getExecutionId' in functions ? functions.getExecutionId() : '';
	return executionId || functions.getNode().id;
}
