/**
 * Fetches a result file from the store behind a link. No token goes there, redirects stay within
 * the allowed hosts, and a file that breaks off is resumed or refused, never passed on as whole.
 *
 * Node ends a body cleanly only when all of its announced length came. The length is not compared
 * once more here: n8n unpacks a Content-Encoding on the way, so the two may differ rightly.
 */
import type { NodeApiError } from 'n8n-workflow';

import { isRecord } from './apiCall';
import { isAllowedDownloadHost } from './clouds';
import type { Connection } from './connection';
import { apiError } from './errors';
import type { NodeStream } from './nodeStream';
import { networkAdvice } from './refusalMessages';
import { isExpired, requestResultLink, type ResultLink } from './resultLink';

export interface ResultFile {
	/** What the store calls the file; null when it says nothing. */
	contentDisposition: string | null;
	/** The length the store announced, in bytes. */
	contentLength: number | null;
	/** The first response, as a sample of the streams of this process. */
	sample: NodeStream;
	/** The bytes, once. Ends only when the file is complete; else throws a NodeApiError. */
	chunks: AsyncGenerator<Buffer>;
}

interface StoreResponse {
	status: number;
	headers: Record<string, unknown>;
	body: NodeStream;
}

type StoreAnswer =
	| { kind: 'file'; response: StoreResponse }
	| { kind: 'linkRefused'; status: number }
	| { kind: 'transient'; status: number | null; code: string | null }
	| { kind: 'refused'; error: NodeApiError };

const MOST_REPEATS = 4;
const FIRST_WAIT_MS = 1000;
const MOST_REDIRECTS = 3;
const IDLE_TIMEOUT_MS = 60_000;

/**
 * Opens the file behind the link. A link that has run out is asked for again once, which runs
 * nothing on the device.
 */
export async function openResultFile(
	connection: Connection,
	machineActionId: string,
	commandIndex: number,
	firstLink: ResultLink,
): Promise<ResultFile> {
	const source = new LinkedFile(connection, machineActionId, commandIndex, firstLink);
	const first = await source.open(0);
	return {
		contentDisposition: text(first.headers['content-disposition']),
		contentLength: length(first.headers['content-length']),
		sample: first.body,
		chunks: source.read(first),
	};
}

class LinkedFile {
	private repeats = 0;
	private renewed = false;
	private etag: string | null = null;

	constructor(
		private readonly connection: Connection,
		private readonly machineActionId: string,
		private readonly commandIndex: number,
		private link: ResultLink,
	) {}

	/** A response whose body starts at or before `offset`; throws when there is none to be had. */
	async open(offset: number): Promise<StoreResponse> {
		for (;;) {
			if (isExpired(this.link, this.connection.clock.now()) && !this.renewed) await this.renew();
			const answer = await this.request(this.link.href, offset, MOST_REDIRECTS);
			switch (answer.kind) {
				case 'file':
					return answer.response;
				case 'linkRefused':
					if (this.renewed) throw this.linkRefusedError(answer.status);
					await this.renew();
					break;
				case 'transient':
					if (!(await this.waitForRepeat())) throw this.unreachableError(answer);
					break;
				case 'refused':
					throw answer.error;
			}
		}
	}

	async *read(first: StoreResponse): AsyncGenerator<Buffer> {
		let response = first;
		let delivered = 0;
		const total = length(first.headers['content-length']);
		this.etag = text(first.headers.etag);
		for (;;) {
			let skip = delivered - startOf(response);
			const chunks = response.body[Symbol.asyncIterator]();
			let broken = false;
			try {
				for (;;) {
					const next = await nextChunk(chunks);
					if (next.kind === 'end') break;
					if (next.kind === 'broken') {
						broken = true;
						break;
					}
					const chunk = skip > 0 ? next.chunk.subarray(skip) : next.chunk;
					skip = Math.max(0, skip - next.chunk.length);
					if (chunk.length === 0) continue;
					delivered += chunk.length;
					yield chunk;
				}
			} finally {
				response.body.destroy();
			}
			if (!broken) return;
			if (!(await this.waitForRepeat())) throw this.brokenOffError(delivered, total);
			response = await this.open(delivered);
			if (text(response.headers.etag) !== this.etag) {
				response.body.destroy();
				throw this.brokenOffError(delivered, total);
			}
		}
	}

	private async renew() {
		this.renewed = true;
		const link = await requestResultLink(this.connection, this.machineActionId, this.commandIndex);
		if (!link) throw this.linkRefusedError(404);
		this.link = link;
		this.connection.events.renewedLinks++;
	}

	/** False when it was repeated often enough, or the execution was stopped. */
	private async waitForRepeat(): Promise<boolean> {
		if (this.repeats >= MOST_REPEATS) return false;
		const waitMs = FIRST_WAIT_MS * 2 ** this.repeats++;
		return await this.connection.clock.sleep(waitMs, this.connection.signal);
	}

	private async request(href: string, offset: number, redirects: number): Promise<StoreAnswer> {
		const response = await fetchStream(this.connection, href, offset);
		if (response.kind === 'unreachable') {
			return { kind: 'transient', status: null, code: response.code };
		}
		const { status, headers, body } = response;
		if (status === 200 || status === 206) return { kind: 'file', response };
		body.destroy();
		if (status >= 300 && status < 400) {
			const target = redirectTarget(href, headers.location);
			if (!target || redirects === 0 || !isAllowedDownloadHost(target, this.connection.endpoints)) {
				return { kind: 'refused', error: this.redirectError() };
			}
			return await this.request(target.href, offset, redirects - 1);
		}
		if (status === 403 || status === 404) return { kind: 'linkRefused', status };
		if (status === 429 || status >= 500) return { kind: 'transient', status, code: null };
		return { kind: 'refused', error: this.statusError(status) };
	}

	private linkRefusedError(status: number): NodeApiError {
		return this.error(String(status), {
			message: 'The result store does not hand out the result file',
			description:
				status === 404
					? 'The file is not there any more: results are kept for a limited time. Run the command again to get a new one.'
					: 'A new link was requested once and refused as well. A firewall may rewrite links, or the clock of the machine that runs n8n is wrong.',
		});
	}

	private unreachableError(answer: { status: number | null; code: string | null }): NodeApiError {
		return this.error(answer.status === null ? null : String(answer.status), {
			message: 'The result store could not be reached',
			description:
				answer.status === null
					? `${networkAdvice(answer.code)} Results are stored on *.blob.core.windows.net (US Government: *.blob.core.usgovcloudapi.net).`
					: `It answered with HTTP status ${answer.status} several times. Try again later.`,
		});
	}

	private brokenOffError(delivered: number, total: number | null): NodeApiError {
		return this.error(null, {
			message: 'The download of the result file broke off',
			description: `${delivered} of ${total ?? 'an unknown number of'} bytes arrived, and it could not be resumed. Nothing was passed on. Try again.`,
		});
	}

	private redirectError(): NodeApiError {
		return this.error(null, {
			message: 'The result store redirected to a place that is not allowed',
			description:
				"Result files are fetched only from the result hosts of the credential's cloud. A proxy may be redirecting the download.",
		});
	}

	private statusError(status: number): NodeApiError {
		return this.error(String(status), {
			message: `The result store answered with HTTP status ${status}`,
			description: 'Try again. If it stays, a proxy between n8n and the store may be the reason.',
		});
	}

	private error(httpCode: string | null, words: { message: string; description: string }) {
		return apiError(this.connection.functions.getNode(), httpCode, words);
	}
}

type Fetched =
	({ kind: 'answered' } & StoreResponse) | { kind: 'unreachable'; code: string | null };

/** The only request without a credential: the link itself is the permission. */
async function fetchStream(connection: Connection, href: string, offset: number): Promise<Fetched> {
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
			timeout: IDLE_TIMEOUT_MS,
			abortSignal: connection.signal,
		});
		if (!isRecord(response) || typeof response.statusCode !== 'number') {
			return { kind: 'unreachable', code: null };
		}
		return {
			kind: 'answered',
			status: response.statusCode,
			headers: isRecord(response.headers) ? response.headers : {},
			body: response.body as NodeStream,
		};
	} catch (error) {
		const code = isRecord(error) && typeof error.code === 'string' ? error.code : null;
		return { kind: 'unreachable', code };
	}
}

type NextChunk = { kind: 'chunk'; chunk: Buffer } | { kind: 'end' } | { kind: 'broken' };

async function nextChunk(chunks: AsyncIterator<Buffer>): Promise<NextChunk> {
	try {
		const next = await chunks.next();
		return next.done ? { kind: 'end' } : { kind: 'chunk', chunk: next.value };
	} catch {
		return { kind: 'broken' };
	}
}

/** Where the body starts in the file: a store may ignore the range and start over. */
function startOf(response: StoreResponse): number {
	if (response.status !== 206) return 0;
	const start = /^bytes (\d+)-/.exec(text(response.headers['content-range']) ?? '')?.[1];
	return start === undefined ? 0 : Number(start);
}

function redirectTarget(from: string, location: unknown): URL | null {
	return typeof location === 'string' && URL.canParse(location, from)
		? new URL(location, from)
		: null;
}

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);

function length(header: unknown): number | null {
	const value = Number(text(header) ?? Number.NaN);
	return Number.isSafeInteger(value) && value >= 0 ? value : null;
}
