import type { IncomingMessage } from 'node:http';

/** A request, read whole. */
export interface Incoming {
	method: string;
	/** Path and query exactly as sent. */
	url: string;
	path: string;
	/** What stands after the first question mark, or an empty string. */
	query: string;
	headers: IncomingMessage['headers'];
	body: Buffer;
}

/** Larger bodies are cut here; no call of the API takes so much. */
const bodyLimit = 64 * 1024 * 1024;

export async function readIncoming(request: IncomingMessage): Promise<Incoming> {
	const url = request.url ?? '/';
	const mark = url.indexOf('?');
	return {
		method: request.method ?? 'GET',
		url,
		path: mark < 0 ? url : url.slice(0, mark),
		query: mark < 0 ? '' : url.slice(mark + 1),
		headers: request.headers,
		body: await readBody(request),
	};
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
	const { headers } = request;
	if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) {
		return Buffer.alloc(0);
	}
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of request as AsyncIterable<Buffer>) {
		size += chunk.length;
		if (size <= bodyLimit) chunks.push(chunk);
	}
	return Buffer.concat(chunks);
}
