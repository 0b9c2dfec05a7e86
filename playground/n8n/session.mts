import { randomUUID } from 'node:crypto';

/** The owner account that the playground sets up; n8n listens on loopback only. */
export const owner = {
	email: 'analyst@contoso.example',
	password: 'Playground1',
	firstName: 'Contoso',
	lastName: 'Analyst',
};

/** An answer of n8n's REST routes other than a success. */
export class N8nRefusal extends Error {
	readonly status: number;

	constructor(what: string, status: number, answer: string) {
		super(`n8n answered ${status} to ${what}: ${answer.slice(0, 500)}`);
		this.status = status;
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
		const response = await this.#send(method, path, body, { cookie: this.#cookie });
		return ((await response.json()) as { data: T }).data;
	}

	/** A route of the public API, such as `/executions/1`. */
	async publicApi<T>(method: string, path: string, body?: unknown): Promise<T> {
		const headers = { 'x-n8n-api-key': this.#apiKey };
		const response = await this.#send(method, `/api/v1${path}`, body, headers);
		return (await response.json()) as T;
	}

	/** A file n8n serves to the signed-in editor. */
	async file(path: string): Promise<Buffer> {
		const response = await this.#send('GET', path, undefined, { cookie: this.#cookie });
		return Buffer.from(await response.arrayBuffer());
	}

	async #signIn(): Promise<void> {
		const { userManagement } = await this.rest<{
			userManagement: { showSetupOnFirstLoad?: boolean };
		}>('GET', '/rest/settings');
		const response = userManagement.showSetupOnFirstLoad
			? await this.#send('POST', '/rest/owner/setup', owner)
			: await this.#send('POST', '/rest/login', {
					emailOrLdapLoginId: owner.email,
					password: owner.password,
				});
		this.#cookie = response.headers
			.getSetCookie()
			.map((cookie) => cookie.split(';')[0])
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

	async #send(
		method: string,
		path: string,
		body: unknown,
		headers: Record<string, string> = {},
	): Promise<Response> {
		const response = await fetch(this.url + path, {
			method,
			headers: { 'content-type': 'application/json', ...headers },
			body: body === undefined ? undefined : JSON.stringify(body),
		});
		if (response.ok) return response;
		throw new N8nRefusal(`${method} ${path}`, response.status, await response.text());
	}
}
