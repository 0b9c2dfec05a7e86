/** One request to the store behind a link, with the redirects that stay within the allowed hosts. */
import type { NodeApiError } from 'n8n-workflow';

import { isRecord } from '../domain/record';
import { retryAfterMs } from '../transport/retryAfter';
import { isAllowedDownloadHost } from '../transport/allowedHosts';
import { type CloudEndpoints } from '../transport/cloudEndpoints';
import { networkCode } from '../transport/httpFailure';
import { isPassingStatus } from '../transport/passingStatus';
import type { Connection } from '../transport/connection';
import { notTheStoreError, redirectError, statusError } from './downloadErrors';
import type { NodeStream } from './nodeStream';
import type { ResultLink } from './resultLink';
import { headerLength } from './wholeFile';

export interface StoreResponse {
	status: number;
	headers: Record<string, unknown>;
	body: NodeStream;
	/** Lets go of the connection; harmless when all has come. */
	end(): void;
}

export type StoreAnswer =
	| { kind: 'file' | 'empty'; response: StoreResponse }
	| { kind: 'linkRefused'; status: number }
	| { kind: 'transient'; status: number | null; code: string | null; retryAfterMs: number | null }
	| { kind: 'refused'; error: NodeApiError };

/** A proxy may send a download on to the store; the host of packages sends nobody on. */
const MOST_REDIRECTS = 3;
const ANSWER_TIMEOUT_MS = 60_000;

/** Asks for the file from `offset` on; the store may start over all the same. */
export async function requestFile(
	connection: Connection,
	link: Pick<ResultLink, 'href' | 'isPackage'>,
	offset: number,
	redirects = link.isPackage ? 0 : MOST_REDIRECTS,
): Promise<StoreAnswer> {
	const response = await fetchStream(connection, link.href, offset);
	if (response.kind === 'unreachable') {
		return { kind: 'transient', status: null, code: response.code, retryAfterMs: null };
	}
	const { status, headers } = response;
	if (status === 200 || ((status === 206 || status === 416) && offset > 0)) {
		if (!link.isPackage && !isFromStore(headers, connection.endpoints)) {
			response.end();
			return { kind: 'refused', error: notTheStoreError(connection, link) };
		}
		const isEmpty = headerLength(response.headers['content-length']) === 0;
		return { kind: isEmpty ? 'empty' : 'file', response };
	}
	response.end();
	if (status >= 300 && status < 400) {
		const target = redirectTarget(link.href, headers.location);
		if (!target || redirects === 0 || !isAllowedDownloadHost(target, connection.endpoints)) {
			return { kind: 'refused', error: redirectError(connection, link) };
		}
		return await requestFile(connection, { ...link, href: target.href }, offset, redirects - 1);
	}
	if (status === 403 || status === 404) return { kind: 'linkRefused', status };
	if (isPassingStatus(status)) {
		const asked = retryAfterMs(headers, connection.clock.wallTime());
		return { kind: 'transient', status, code: null, retryAfterMs: asked };
	}
	return { kind: 'refused', error: statusError(connection, status) };
}

/**
 * Every answer of Azure Storage has such headers; the sign-in page of a proxy has none.
 *
 * https://learn.microsoft.com/en-us/rest/api/storageservices/get-blob#response-headers
 */
function isFromStore(headers: Record<string, unknown>, endpoints: CloudEndpoints): boolean {
	return !endpoints.azureStorage || Object.keys(headers).some((name) => /^x-ms-/i.test(name));
}

type Fetched =
	({ kind: 'answered' } & StoreResponse) | { kind: 'unreachable'; code: string | null };

/** The only request without a credential: the link itself is the permission. */
async function fetchStream(connection: Connection, href: string, offset: number): Promise<Fetched> {
	const ended = new AbortController();
	const signals = connection.signal ? [connection.signal, ended.signal] : [ended.signal];
	try {
		const response: unknown = await connection.functions.helpers.httpRequest({
			method: 'GET',
			url: href,
			encoding: 'stream',
			headers: {
				Accept: '*/*',
				'Accept-Encoding': 'identity',
				...(offset > 0 ? { Range: `bytes=${offset}-` } : {}),
			},
			returnFullResponse: true,
			disableFollowRedirect: true,
			ignoreHttpStatusErrors: true,
			timeout: ANSWER_TIMEOUT_MS,
			abortSignal: AbortSignal.any(signals),
		});
		if (!isRecord(response) || typeof response.statusCode !== 'number') {
			return { kind: 'unreachable', code: null };
		}
		const body = response.body as NodeStream;
		// Ending it counts as an error of the stream, which must not go unheard.
		body.on('error', () => {});
		return {
			kind: 'answered',
			status: response.statusCode,
			headers: isRecord(response.headers) ? response.headers : {},
			body,
			end: () => {
				ended.abort();
				body.destroy();
			},
		};
	} catch (error) {
		return { kind: 'unreachable', code: networkCode(error) };
	}
}

function redirectTarget(from: string, location: unknown): URL | null {
	return typeof location === 'string' && URL.canParse(location, from)
		? new URL(location, from)
		: null;
}
