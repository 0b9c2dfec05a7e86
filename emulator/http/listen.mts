import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Listening {
	server: Server;
	port: number;
	/** Ends every connection and frees the port. */
	close: () => Promise<void>;
}

/** Starts a server on loopback; port 0 takes a free one. Rejects with a sentence when the port is taken. */
export async function listen(port: number, listener: RequestListener): Promise<Listening> {
	const server = createServer({ keepAliveTimeout: 60_000 }, listener);
	await new Promise<void>((resolve, reject) => {
		server.once('error', (error: NodeJS.ErrnoException) => {
			reject(
				error.code === 'EADDRINUSE'
					? new Error(`Port ${port} is in use. Choose another with --port or --download-port.`)
					: error,
			);
		});
		server.listen(port, '127.0.0.1', resolve);
	});
	return {
		server,
		port: (server.address() as AddressInfo).port,
		close: async () => {
			await new Promise<void>((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			});
		},
	};
}
