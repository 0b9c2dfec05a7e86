/** One harmless read for each thing that a permission opens. */
import type { Probe, ProbeAnswer } from '../domain/capabilities';
import { NO_ACTION } from '../domain/identifiers';
import { isNotFound, type ApiCall, type Refusal } from '../transport/apiCall';
import type { Connection } from '../transport/connection';
import { refusalError } from '../transport/errors';
import { apiPath } from '../transport/paths';
import { callApi } from '../transport/request';
import { resultLinkPath } from './machineActions';

export interface Probed {
	answer: ProbeAnswer;
	/** What the API answered in place of what was asked for. */
	refusal: Refusal | null;
}

const probe = (path: ApiCall['path'], query?: ApiCall['query']): ApiCall => ({
	method: 'GET',
	path,
	...(query ? { query } : {}),
	permissions: [],
	subject: 'The Defender API',
	repeat: 'harmless',
	lane: 'call',
});

const PROBES: Record<Probe, ApiCall> = {
	machines: probe(apiPath`/machines`, { $top: '1' }),
	machineActions: probe(apiPath`/machineactions`, { $top: '1' }),
	// Who may make the call is told that there is no such action.
	result: probe(resultLinkPath(NO_ACTION, 0)),
	library: probe(apiPath`/libraryfiles`),
};

/** Throws when the execution was stopped, and nothing else. */
export async function probeApi(connection: Connection): Promise<Record<Probe, Probed>> {
	// The first call signs in; the token is read for what it says afterwards.
	const machineActions = await probed(connection, 'machineActions');
	const isThere = !isNotFound(machineActions.refusal);
	const [machines, result, library] = await Promise.all([
		probed(connection, 'machines', isThere ? 'letIn' : 'failed'),
		probed(connection, 'result', isThere ? 'nothingThere' : 'failed'),
		probed(connection, 'library'),
	]);
	return { machineActions, machines, result, library };
}

/** @param whenMissing what a 404 says: where the API is, some have nothing to give */
async function probed(
	connection: Connection,
	name: Probe,
	whenMissing: ProbeAnswer = 'failed',
): Promise<Probed> {
	const call = PROBES[name];
	const outcome = await callApi<unknown>(connection, call);
	if (outcome.kind === 'ok') return { answer: 'letIn', refusal: null };
	const { refusal } = outcome;
	if (refusal.kind === 'stopped') {
		throw refusalError(connection.functions.getNode(), call, refusal);
	}
	if (isStatus(refusal, 403)) return { answer: 'forbidden', refusal };
	const isMissing = isNotFound(refusal) || (name === 'result' && isStatus(refusal, 400));
	return { answer: isMissing ? whenMissing : 'failed', refusal };
}

const isStatus = (refusal: Refusal, status: number) =>
	refusal.kind === 'status' && refusal.status === status;
