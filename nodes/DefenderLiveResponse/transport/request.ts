/** The only caller of n8n's authenticated request helper: every API call goes through here. */
import type { IAdditionalCredentialOptions, IDataObject, IHttpRequestOptions } from 'n8n-workflow';

import type { Admission, Answered } from '../limits/rateBudget';
import { answered, failedAnswer, refusalOf } from './answers';
import { isNotFound, type ApiAnswer, type ApiCall, type ApiOutcome } from './apiCall';
import type { Connection } from './connection';
import { forOneCall } from './credentialData';
import { onStop } from './onStop';
import { decide, type Repeats } from './retry';
import { signInOf } from './signIn';
import { refusedOf } from './spentLimit';
import { noteCredential } from './tokenPermissions';

const REQUEST_TIMEOUT_MS = 60_000;

/**
 * Makes a call inside the rate budget and repeats it where that is harmless. Comes back with the
 * body, or with the refusal that remained; throws nothing.
 */
export async function callApi<Body = IDataObject>(
	connection: Connection,
	call: ApiCall,
): Promise<ApiOutcome<Body>> {
	const past: Repeats = { failures: 0, refusals: 0, ownRefusals: 0, fullTenants: 0, misses: 0 };
	const since = connection.clock.now();
	const signIn = signInOf(connection);
	for (;;) {
		if (signIn.rejection) {
			const now = connection.clock.wallTime();
			return { kind: 'refused', refusal: refusalOf(call, signIn.rejection, now) };
		}
		const isAgain = past.refusals + past.ownRefusals + past.fullTenants > 0;
		const admission = await admitted(connection, call, { since, isAgain });
		if (admission.kind === 'stopped') return { kind: 'refused', refusal: admission };
		if (admission.kind === 'held') {
			const { started, ended } = connection.events;
			const unfinished = [...started].filter((id) => !ended.has(id)).length;
			return { kind: 'refused', refusal: { ...admission, unfinished } };
		}
		noteHold(connection, admission.heldMs);

		const answer = await signIn.send(async () => await send(connection, call));
		const now = connection.clock.wallTime();
		admission.answered(whatBecame(call, answer, now));

		const verdict = decide(call, answer, past, now);
		switch (verdict.kind) {
			case 'done':
				if (answer.kind === 'answered') {
					return { kind: 'ok', body: answer.body as Body, headers: answer.headers };
				}
				return { kind: 'refused', refusal: refusalOf(call, answer, now) };
			case 'stop': {
				const refusal = refusalOf(call, answer, now);
				return call.bodyWhenNotFound && isNotFound(refusal)
					? { kind: 'ok', body: call.bodyWhenNotFound as Body, headers: {} }
					: { kind: 'refused', refusal };
			}
			case 'repeat':
				past[verdict.because]++;
				if (!(await connection.clock.sleep(verdict.afterMs, connection.signal))) {
					return { kind: 'refused', refusal: { kind: 'stopped' } };
				}
		}
	}
}

/** Waits for a place in the limits, as long as the execution goes on. */
async function admitted(
	{ budget, owner, maxHoldMs, signal }: Connection,
	{ lane, maxSessionWaitMs = maxHoldMs }: ApiCall,
	wait: { since: number; isAgain: boolean },
): Promise<Admission> {
	if (signal?.aborted) return { kind: 'stopped' };
	const place = budget.ask({ ...wait, owner, lane, maxHoldMs, maxSessionWaitMs, signal });
	const forget = onStop(signal, place.leave);
	const admission = await place.admission;
	forget();
	return admission;
}

/** A call that nobody answered may have been counted. */
function whatBecame(call: ApiCall, answer: ApiAnswer, now: number): Answered {
	if (answer.kind === 'stopped') return answer.wasSent ? 'counted' : 'unsent';
	const isRefused = answer.kind === 'answered' && answer.status === 429;
	return isRefused ? refusedOf(call, answer, now) : 'counted';
}

/** Calls that wait side by side are one wait to the user. */
function noteHold({ clock, events }: Connection, heldMs: number): void {
	const now = clock.now();
	if (heldMs > 0) events.heldMs += now - Math.max(events.heldUntil, now - heldMs);
	events.heldUntil = now;
}

async function send(connection: Connection, call: ApiCall): Promise<ApiAnswer> {
	const does = call.method === 'GET' ? 'reads' : 'starts';
	const wasStopped = await connection.wasStopped?.(does);
	if (wasStopped || connection.signal?.aborted) return { kind: 'stopped' };
	const options: IHttpRequestOptions = {
		method: call.method,
		url: `${connection.endpoints.apiUrl}${call.path}`,
		...(call.query ? { qs: call.query } : {}),
		...requestBody(call),
		json: true,
		returnFullResponse: true,
		disableFollowRedirect: true,
		timeout: REQUEST_TIMEOUT_MS,
		ignoreHttpStatusErrors: { ignore: true, except: [401] },
	};
	try {
		const response: unknown = await connection.functions.helpers.httpRequestWithAuthentication.call(
			connection.functions,
			connection.credentialType,
			options,
			ownCredential(connection),
		);
		return answered(response);
	} catch (error) {
		if (isCancelled(connection)) return { kind: 'stopped', wasSent: true };
		return failedAnswer(connection, error);
	}
}

/** n8n ends calls under way when the execution is stopped; when the node fails, they come to their end. */
const isCancelled = ({ functions }: Connection) =>
	'getExecutionCancelSignal' in functions && functions.getExecutionCancelSignal()?.aborted === true;

/** Without it n8n reads the credential for each call, and that of the first item. OAuth2 is all n8n's. */
function ownCredential(connection: Connection): IAdditionalCredentialOptions | undefined {
	const { credentialType, credential } = connection;
	if (credentialType === 'defenderLiveResponseOAuth2Api') return undefined;
	const data = forOneCall(credential);
	noteCredential(connection, data);
	return { credentialsDecrypted: { id: '', name: '', type: credentialType, data } };
}

function requestBody(call: ApiCall): Pick<IHttpRequestOptions, 'body' | 'headers'> {
	const body = call.body;
	if (body === undefined) return {};
	if (Buffer.isBuffer(body.bytes)) {
		return { body: body.bytes, headers: { 'Content-Type': String(body.contentType) } };
	}
	return { body: body as IDataObject, headers: { 'Content-Type': 'application/json' } };
}
