/** A host that serves result files as Azure Storage does, in the ways a test wants, and sees what was asked for. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FileServer {
	/** host:port, for the credential's download hosts. */
	readonly host: string;
	readonly url: string;
	/** Answers of which the client has gone away before the end. */
	readonly abandoned: number;
	/** What the next requests get. */
	serve(answer: (response: ServerResponse, request: IncomingMessage) => void): void;
	stop(): void;
}

export async function startFileServer(): Promise<FileServer> {
	let answer = (response: ServerResponse, _request: IncomingMessage) => void response.end();
	let abandoned = 0;
	const server = createServer((request, response) => {
		response.once('close', () => {
			if (!response.writableFinished) abandoned += 1;
		});
		response.setHeader('x-ms-version', '2021-12-02');
		answer(response, request);
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
	return {
		host,
		url: `http://${host}`,
		get abandoned() {
			return abandoned;
		},
		serve: (next) => {
			answer = (response, request) => void next(response, request);
		},
		stop: () => {
			server.closeAllConnections();
			server.close();
		},
	};
}
