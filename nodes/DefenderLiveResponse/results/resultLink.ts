/**
 * The download link of a command's result. Whoever holds it can read the file for its life, so it
 * stays inside `results` unless the user asks for it.
 *
 * https://learn.microsoft.com/en-us/defender-endpoint/api/get-live-response-result
 */
import type { IDataObject } from 'n8n-workflow';

import { resultLinkPath } from '../api/machineActions';
import { apiError } from '../inputs/nodeErrors';
import type { ApiCall, ApiOutcome, Refusal } from '../transport/apiCall';
import { isAllowedDownloadHost } from '../transport/allowedHosts';
import type { Connection } from '../transport/connection';
import { refusalError } from '../transport/errors';
import { callApi } from '../transport/request';

export interface ResultLink {
	/** Byte for byte as the API gave it: an encoded signature is refused by the store. */
	href: string;
	/** ISO 8601, from the link itself; null when it does not say. */
	expiresAt: string | null;
	/** Of an investigation package, which is in no Azure storage that marks its answers. */
	isPackage?: true;
}

/** Microsoft documents the second permission for the link, the first for everything around it. */
const LINK_PERMISSIONS = ['Machine.LiveResponse', 'Machine.ReadWrite.All'];

function linkCall(machineActionId: string, commandIndex: number): ApiCall {
	return {
		method: 'GET',
		path: resultLinkPath(machineActionId, commandIndex),
		permissions: LINK_PERMISSIONS,
		subject: `The result of command ${commandIndex} of machine action ${machineActionId}`,
		repeat: 'harmless',
		lane: 'call',
	};
}

/** Null when there is no such result, which the API says in the same way for several reasons. */
export async function requestResultLink(
	connection: Connection,
	machineActionId: string,
	commandIndex: number,
): Promise<ResultLink | null> {
	const call = linkCall(machineActionId, commandIndex);
	const outcome: ApiOutcome<IDataObject> = await callApi(connection, call);
	if (outcome.kind === 'ok') return checkedLink(connection, outcome.body.value);
	if (isNoResult(outcome.refusal)) return null;
	throw refusalError(connection.functions.getNode(), call, outcome.refusal);
}

/** Codes of a 400 that says no more than that there is nothing; some say only the status. */
const NOTHING_THERE = /^(\d*|BadRequest|InvalidInput|NotFound|ResourceNotFound)$/;

/** The API is known to answer with 404 or 400; any other 400 is about the request. */
export function isNoResult(refusal: Refusal): boolean {
	if (refusal.kind !== 'status') return false;
	const { status, code } = refusal;
	return status === 404 || (status === 400 && NOTHING_THERE.test(code ?? ''));
}

/**
 * Printable ASCII without a backslash: what every reader of URLs takes for the same host. Others
 * (line breaks, look-alike dots) are silently made into something else on the way.
 */
const PLAIN_URL = /^[\x21-\x5b\x5d-\x7e]+$/;

/** The value can stand in quotes. */
export function linkIn(value: unknown): { href: string; url: URL | null } {
	const href = typeof value === 'string' ? value.replace(/^"(.*)"$/, '$1') : '';
	return { href, url: PLAIN_URL.test(href) && URL.canParse(href) ? new URL(href) : null };
}

function checkedLink(connection: Connection, value: unknown): ResultLink {
	const { href, url } = linkIn(value);
	if (!url || !isAllowedDownloadHost(url, connection.endpoints)) {
		throw apiError(connection.functions.getNode(), null, 'hostNotAllowed', {
			message: 'The Defender API returned a download link to a host that is not allowed',
			description:
				"Result files are downloaded only over HTTPS and only from the result hosts of the credential's cloud. With the cloud 'Custom', add the host to 'Download Hosts'.",
		});
	}
	const expiry = url.searchParams.get('se');
	const time = expiry === null ? Number.NaN : Date.parse(expiry);
	return { href, expiresAt: Number.isNaN(time) ? null : new Date(time).toISOString() };
}
