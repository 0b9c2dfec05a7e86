import type { INetworkModule } from '@azure/msal-node';
import { type IHttpRequestHelper, type IHttpRequestOptions, UserError } from 'n8n-workflow';

import { networkCode } from '../../nodes/DefenderLiveResponse/transport/httpFailure';
import type { TokenAnswer } from '../../nodes/DefenderLiveResponse/transport/signInMessages';

/** n8n's own HTTP helper: proxies, certificates and egress rules are n8n's. */
export type HttpRequest = IHttpRequestHelper['helpers']['httpRequest'];

/** Leaves MSAL with an outcome that is not a token. It carries no detail; read `lastAnswer`. */
class TokenRefused extends Error {}

const TIMEOUT_MILLISECONDS = 30_000;

/** MSAL's way to the network, over n8n's HTTP helper: one POST for a token and nothing else. */
export class TokenNetwork implements INetworkModule {
	lastAnswer: TokenAnswer | undefined;

	private readonly httpRequest: HttpRequest;

	constructor(httpRequest: HttpRequest) {
		this.httpRequest = httpRequest;
	}

	/** MSAL has the endpoints from us. Were it to look for them after all, it may not call anyone. */
	async sendGetRequestAsync(): Promise<never> {
		throw new TokenRefused();
	}

	async sendPostRequestAsync<T>(
		url: string,
		options?: { headers?: Record<string, string>; body?: string },
	): Promise<{ headers: Record<string, string>; body: T; status: number }> {
		const request: IHttpRequestOptions = {
			method: 'POST',
			url,
			headers: { ...options?.headers, Accept: 'application/json' },
			body: options?.body,
			encoding: 'text',
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			// A redirect would send the secret on to a host nobody chose.
			disableFollowRedirect: true,
			timeout: TIMEOUT_MILLISECONDS,
		};
		const response = await this.send(request);
		if (response === undefined) throw new TokenRefused();
		const body = jsonObject(response.body);
		this.lastAnswer = classify(response.statusCode, body);
		if (this.lastAnswer.kind !== 'granted') throw new TokenRefused();
		return { status: response.statusCode, headers: {}, body: body as T };
	}

	private async send(
		request: IHttpRequestOptions,
	): Promise<{ statusCode: number; body: unknown } | undefined> {
		try {
			return await this.httpRequest(request);
		} catch (error) {
			this.lastAnswer = isRefusedByN8n(error)
				? { kind: 'blocked' }
				: { kind: 'unreachable', code: networkCode(error) ?? '' };
			return undefined;
		}
	}
}

function classify(status: number, body: Record<string, unknown> | undefined): TokenAnswer {
	if (body === undefined) return { kind: 'unreadable', status };
	if (status === 200 && typeof body.access_token === 'string' && body.access_token !== '') {
		return { kind: 'granted' };
	}
	if (typeof body.error !== 'string') return { kind: 'unreadable', status };
	const codes = Array.isArray(body.error_codes) ? body.error_codes : [];
	const inText = /\bAADSTS(\d{4,9})\b/.exec(String(body.error_description))?.[1];
	return {
		kind: 'refused',
		status,
		codes: [Number(inText), ...codes].filter((code) => Number.isSafeInteger(code)),
	};
}

function jsonObject(body: unknown): Record<string, unknown> | undefined {
	try {
		const value: unknown = typeof body === 'string' ? JSON.parse(body) : body;
		return typeof value === 'object' && value !== null
			? (value as Record<string, unknown>)
			: undefined;
	} catch {
		return undefined;
	}
}

function isRefusedByN8n(error: unknown): boolean {
	return error instanceof UserError || (error instanceof Error && isRefusedByN8n(error.cause));
}
