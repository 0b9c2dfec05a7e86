import type { INode, NodeApiError } from 'n8n-workflow';

import { isGuid } from '../domain/identifiers';
import type { RefusalFacts } from '../domain/refusalCode';
import { apiError } from '../inputs/nodeErrors';
import type { ApiCall, ApiOutcome, Refusal } from './apiCall';
import { isDelegated, type Connection } from './connection';
import { refusalMessage } from './refusalMessages';

/**
 * The error for a refused call. It is built from plain data: n8n stores what hangs on an error,
 * and the original holds the request with its token.
 */
export function refusalError(
	node: INode,
	call: ApiCall,
	refusal: Refusal,
	facts: RefusalFacts = {},
): NodeApiError {
	const { code, ...text } = refusalMessage({ ...call, isDelegated: isDelegated(node) }, refusal);
	const apiCode = refusal.kind === 'status' ? shownCode(refusal.code) : undefined;
	return apiError(node, httpCodeOf(refusal), code, text, {
		...actionOf(call),
		...facts,
		...(apiCode === undefined ? {} : { apiCode }),
	});
}

/** A word or a number. What else stands in its place is somebody's words, or a part of the request. */
const shownCode = (code: string | null): string | undefined =>
	code !== null && /^(?:[a-z]{1,64}|\d{1,6})$/i.test(code) ? code : undefined;

/** The machine action that a call is about. */
function actionOf({ path }: ApiCall): RefusalFacts {
	const machineActionId = /^\/machineactions\/([^/]+)/.exec(path)?.[1] ?? '';
	return isGuid(machineActionId) ? { machineActionId } : {};
}

function httpCodeOf(refusal: Refusal): string | null {
	switch (refusal.kind) {
		case 'status':
		case 'unreadable':
			return String(refusal.status);
		case 'held':
			return '429';
		case 'unreachable':
		case 'signInRefused':
		case 'stopped':
			return null;
	}
}

/** The body of a call that must have succeeded. */
export function bodyOf<Body>(
	connection: Connection,
	call: ApiCall,
	outcome: ApiOutcome<Body>,
): Body {
	if (outcome.kind === 'ok') return outcome.body;
	throw refusalError(connection.functions.getNode(), call, outcome.refusal);
}
