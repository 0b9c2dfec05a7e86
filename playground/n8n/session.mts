import { randomUUID } from 'node:crypto';
import { isAxiosError, type AxiosRequestConfig, type AxiosResponse } from 'axios';

import { http } from '../../test/support/http.mts';

/** The owner account that the playground sets up; n8n listens on loopback only. */
export const owner = {
	email: 'analyst@contoso.example',
	password: 'Playground1',
	firstName: 'Contoso',
	lastName: 'Analyst',
};

/** What alert sources of the playground send; the webhooks of the examples ask for it. */
export const alertHeader = { 'x-alert-source': 'playground' };

/** An answer of n8n's REST routes other than a success. */
class N8nRefusal extends Error {
	constructor({ method = 'GET', url }: AxiosRequestConfig, { status, data }: AxiosResponse) {
		const answer = Buffer.isBuffer(data) ? data.toString() : (JSON.stringify(data) ?? '');
		super(`n8n answered ${status} to ${method} ${url}: ${answer.slice(0, 500)}`);
	}
}

interface ApiKey {
	readonly id: string;
	/** Seconds since 1970. */
	readonly expiresAt: number | null;
}

/**
 * Requests as the signed-in owner: the editor's own routes (`/rest`) with the login cookie, and n8n's
 * public API (`/api/v1`) with a key made for this session.
 */
export class N8nSession {
	readonly url: string;
	#cookie = '';
	#apiKey = '';

	private constructor(url: string) {
		this.url = url;
	}

	/** Sets up the owner account on a fresh n8n, signs in otherwise. */
	static async open(url: string): Promise<N8nSession> {
		const session = new N8nSession(url);
		await session.#signIn();
		await session.#makeApiKey();
		return session;
	}

	/** A route of the editor, such as `/rest/workflows`; gives what the answer holds in `data`. */
	async rest<T>(method: string, path: string, body?: unknown): Promise<T> {
		const headers = { cookie: this.#cookie };
		const { data } = await this.#send<{ data: T }>({ method, url: path, data: body, headers });
		return data.data;
	}

	/** A route of the public API, such as `/executions/1`. */
	async publicApi<T>(method: string, path: string, body?: unknown): Promise<T> {
		const headers = { 'x-n8n-api-key': this.#apiKey };
		return (await this.#send<T>({ method, url: `/api/v1${path}`, data: body, headers })).data;
	}

	/** A file n8n serves to the signed-in editor. */
	async file(path: string): Promise<Buffer> {
		const headers = { cookie: this.#cookie };
		return (await this.#send<Buffer>({ url: path, headers, responseType: 'arraybuffer' })).data;
	}

	async #signIn(): Promise<void> {
		const { userManagement } = await this.rest<{
			userManagement: { showSetupOnFirstLoad?: boolean };
		}>('GET', '/rest/settings');
		const response = userManagement.showSetupOnFirstLoad
			? await this.#send({ method: 'POST', url: '/rest/owner/setup', data: owner })
			: await this.#send({
					method: 'POST',
					url: '/rest/login',
					data: { emailOrLdapLoginId: owner.email, password: owner.password },
				});
		this.#cookie = (response.headers['set-cookie'] ?? [])
			.map((cookie: string) => cookie.split(';')[0])
			.join('; ');
	}

	/** A key for a day; several programs may have a session on the same n8n. */
	async #makeApiKey(): Promise<void> {
		const now = Math.floor(Date.now() / 1000);
		const answer = await this.rest<{ items: ApiKey[] } | ApiKey[]>('GET', '/rest/api-keys');
		const items = Array.isArray(answer) ? answer : answer.items; // n8n 1 answers with the list alone.
		for (const key of items.filter(({ expiresAt }) => expiresAt !== null && expiresAt < now)) {
			await this.rest('DELETE', `/rest/api-keys/${key.id}`);
		}
		const { rawApiKey } = await this.rest<{ rawApiKey: string }>('POST', '/rest/api-keys', {
			label: `playground ${randomUUID()}`,
			scopes: ['execution:read', 'execution:list'],
			expiresAt: now + 24 * 3600,
		});
		this.#apiKey = rawApiKey;
	}

	/** Sends JSON to a webhook of a published workflow. */
	async webhook(path: string, body: object): Promise<void> {
		const headers = alertHeader;
		await this.#send({ method: 'POST', url: `/webhook/${path}`, data: body, headers });
	}

	async #send<T>(request: AxiosRequestConfig): Promise<AxiosResponse<T>> {
		try {
			return await http.request<T>({ baseURL: this.url, ...request });
		} catch (error) {
			if (!isAxiosError(error) || error.response === undefined) throw error;
			throw new N8nRefusal(request, error.response);
		}
	}
}
