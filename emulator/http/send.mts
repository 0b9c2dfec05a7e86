import type { ServerResponse } from 'node:http';
import type { Answer } from './answer.mts';

/** Sends an answer with its length; returns its status. */
export function sendAnswer(response: ServerResponse, answer: Answer): number {
	const body = Buffer.isBuffer(answer.body) ? answer.body : Buffer.from(answer.body, 'utf8');
	response.writeHead(answer.status, { ...answer.headers, 'Content-Length': body.length });
	response.end(response.req.method === 'HEAD' ? undefined : body);
	return answer.status;
}

/** Cuts the connection with a reset, so that the client sees ECONNRESET. */
export function resetConnection(response: ServerResponse): undefined {
	response.socket?.resetAndDestroy();
	return undefined;
}
