import {
	Agent,
	request as httpRequest,
	type IncomingHttpHeaders,
	type IncomingMessage,
	type ServerResponse,
} from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { forward } from './bodyTransfer.mts';
import { faultyAnswer, type FaultSubject } from '../faults/faultyAnswer.mts';
import type { FaultKind } from '../faults/fault.mts';
import { emptyAnswer, type Answer } from '../http/answer.mts';
import { sendAnswer, resetConnection } from '../http/send.mts';
import {
	authorizationHeaderAnswer,
	badSignatureAnswer,
	blobErrorAnswer,
	blobNotFoundAnswer,
	expiredLinkAnswer,
	serverBusyAnswer,
} from './blobErrors.mts';
import { signInPage } from './proxyPage.mts';

export interface DownloadOptions {
	azuriteUrl: string;
	/** Takes the fault due for a request. */
	takeFault: (method: string, url: string) => FaultKind | undefined;
}

/**
 * Stands before Azurite as the storage account's public address: the URL goes through byte for byte, the body is
 * streamed, refusals look like Azure's, and ordered faults happen here.
 */
export class DownloadServer {
	private readonly options: DownloadOptions;
	private readonly agent = new Agent({ keepAlive: true });

	constructor(options: DownloadOptions) {
		this.options = options;
	}

	close(): void {
		this.agent.destroy();
	}

	/** Answers a download; resolves with the status that was sent. */
	async handle(request: IncomingMessage, response: ServerResponse): Promise<number | undefined> {
		const url = request.url ?? '/';
		const method = request.method ?? 'GET';
		const fault = this.options.takeFault(method, url);
		if (fault?.kind === 'slow') await delay(fault.seconds * 1000);
		else if (fault !== undefined) {
			const whole = await faultyAnswer(fault, wholeAnswers);
			if (whole?.kind === 'reset') return resetConnection(response);
			if (whole !== undefined) return sendAnswer(response, whole.answer);
		}
		const other = answerBy(fault, url) ?? refusalOf(method, request);
		if (other !== undefined) return sendAnswer(response, other);

		const upstream = await this.fetch(method, url, askedHeaders(fault, request.headers));
		const status = upstream.statusCode ?? 502;
		if (status >= 400 && status !== 416) {
			upstream.resume();
			return sendAnswer(response, refusalLikeAzure(status, upstream, url));
		}
		await forward(upstream, response, fault);
		return status;
	}

	private async fetch(
		method: string,
		url: string,
		headers: IncomingHttpHeaders,
	): Promise<IncomingMessage> {
		const target = new URL(this.options.azuriteUrl);
		return await new Promise((resolve, reject) => {
			const upstream = httpRequest(
				{
					agent: this.agent,
					host: target.hostname,
					port: target.port,
					method,
					path: url,
					headers: { ...headers, host: target.host, connection: 'keep-alive' },
				},
				resolve,
			);
			upstream.once('error', reject);
			upstream.end();
		});
	}
}

/** A storage account has no sign-in, no tokens and no roles; a fault that does the work first ends as an empty answer. */
const wholeAnswers: FaultSubject = {
	answer: async () => await Promise.resolve(emptyAnswer(200)),
	revokeTokens: () => undefined,
	removeRole: () => undefined,
	startElsewhere: () => undefined,
	refuseSignIn: () => emptyAnswer(200),
	signInWithoutRoles: () => emptyAnswer(200),
	realNow: 0,
};

function refusalOf(method: string, request: IncomingMessage): Answer | undefined {
	if (request.headers.authorization !== undefined) return authorizationHeaderAnswer();
	if (method !== 'GET' && method !== 'HEAD') {
		return blobErrorAnswer(
			403,
			'AuthorizationPermissionMismatch',
			'This request is not authorized to perform this operation using this permission.',
		);
	}
	return undefined;
}

function answerBy(fault: FaultKind | undefined, url: string): Answer | undefined {
	switch (fault?.kind) {
		case 'expiredLink':
			return expiredLinkAnswer(expiryOf(url) ?? new Date());
		case 'blobNotFound':
			return blobNotFoundAnswer();
		case 'serverBusy':
			return serverBusyAnswer();
		case 'signInPage':
			return signInPage();
		default:
			return undefined;
	}
}

/** What the store is asked for, where a fault wants another range than the client. */
function askedHeaders(
	fault: FaultKind | undefined,
	headers: IncomingHttpHeaders,
): IncomingHttpHeaders {
	const { range, ...withoutRange } = headers;
	switch (fault?.kind) {
		case 'ignoreRange':
		case 'otherLength':
			return withoutRange;
		case 'shortRange':
			return { ...headers, range: range ?? 'bytes=0-' };
		case 'otherRange':
			return {
				...headers,
				range: range?.startsWith('bytes=0-') === false ? 'bytes=0-' : 'bytes=1-',
			};
		default:
			return headers;
	}
}

/** Azurite says AuthorizationFailure where Azure says AuthenticationFailed. */
function refusalLikeAzure(status: number, upstream: IncomingMessage, url: string): Answer {
	const code = String(upstream.headers['x-ms-error-code'] ?? 'InternalError');
	if (status === 403) {
		const expiry = expiryOf(url);
		return expiry !== undefined && expiry.getTime() <= Date.now()
			? expiredLinkAnswer(expiry)
			: badSignatureAnswer();
	}
	if (code === 'BlobNotFound') return blobNotFoundAnswer();
	return blobErrorAnswer(status, code, upstream.statusMessage ?? code);
}

function expiryOf(url: string): Date | undefined {
	const expiry = new URLSearchParams(url.slice(url.indexOf('?') + 1)).get('se');
	const date = new Date(expiry ?? '');
	return Number.isNaN(date.getTime()) ? undefined : date;
}
