import type { Emulator } from '../../../emulator/emulator.mts';

export interface Reply {
	status: number;
	headers: Headers;
	text: string;
	/** The parsed body, or undefined when it is not JSON. */
	json: Record<string, never> | undefined;
}

export type Client = ReturnType<typeof apiClient>;

/** Calls of the API as the credential's app registration; paths are relative to `/api`. */
export function apiClient(emulator: Emulator, token = emulator.accessToken()) {
	const send = async (method: string, path: string, init: RequestInit = {}) =>
		await reply(`${emulator.apiUrl}${path}`, {
			method,
			...init,
			headers: { authorization: `Bearer ${token}`, ...init.headers },
		});
	return {
		send,
		get: async (path: string) => await send('GET', path),
		post: async (path: string, body: unknown) =>
			await send('POST', path, {
				body: JSON.stringify(body),
				headers: { 'content-type': 'application/json' },
			}),
		/** Asks for a list with `$filter`. */
		filter: async (path: string, filter: string) =>
			await send('GET', `${path}?$filter=${encodeURIComponent(filter)}`),
		link: async (actionId: string, index = 0) =>
			await send(
				'GET',
				`/machineactions/${actionId}/GetLiveResponseResultDownloadLink(index=${index})`,
			),
	};
}

export async function reply(url: string, init?: RequestInit): Promise<Reply> {
	const response = await fetch(url, { redirect: 'manual', ...init });
	const text = await response.text();
	let json: Reply['json'];
	try {
		json = JSON.parse(text) as Reply['json'];
	} catch {
		json = undefined;
	}
	return { status: response.status, headers: response.headers, text, json };
}

/** Status and error code of a refusal. */
export function refusal({ status, json }: Reply): [number, string | undefined] {
	const error = json?.error as { code?: string } | undefined;
	return [status, error?.code];
}
