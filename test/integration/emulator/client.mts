import type { Emulator } from '../../../emulator/emulator.mts';
import { http } from '../../support/http.mts';

export interface RequestOptions {
	method?: string;
	headers?: Record<string, string>;
	body?: string | URLSearchParams | FormData;
	signal?: AbortSignal;
}

export interface Reply {
	status: number;
	headers: Headers;
	/** As they came, still compressed when the answer says so. */
	bytes: Buffer;
	text: string;
	/** The parsed body, or undefined when it is not JSON. */
	json: Record<string, never> | undefined;
}

export type Client = ReturnType<typeof apiClient>;

/** Calls of the API as the credential's app registration; paths are relative to `/api`. */
export function apiClient(emulator: Emulator, token = emulator.accessToken()) {
	const send = async (method: string, path: string, options: RequestOptions = {}) =>
		await reply(`${emulator.apiUrl}${path}`, {
			method,
			...options,
			headers: { authorization: `Bearer ${token}`, ...options.headers },
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

/** The answer, whatever its status; redirects are not followed. */
export async function reply(
	url: string,
	{ body, ...options }: RequestOptions = {},
): Promise<Reply> {
	const response = await http.request<Buffer>({
		...options,
		url,
		data: body,
		maxRedirects: 0,
		decompress: false,
		responseType: 'arraybuffer',
		validateStatus: () => true,
		// A text goes as it is: axios would make JSON of one that is not.
		...(typeof body === 'string' ? { transformRequest: (text: string) => text } : {}),
	});
	const headers = new Headers(response.headers as Record<string, string>);
	const bytes = response.data;
	const text = new TextDecoder().decode(bytes);
	let json: Reply['json'];
	try {
		json = JSON.parse(text) as Reply['json'];
	} catch {
		json = undefined;
	}
	return { status: response.status, headers, bytes, text, json };
}

/** Status and error code of a refusal. */
export function refusal({ status, json }: Reply): [number, string | undefined] {
	const error = json?.error as { code?: string } | undefined;
	return [status, error?.code];
}
