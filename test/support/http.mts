import { Agent } from 'node:http';

import axios from 'axios';

/**
 * The HTTP client of tests and playground: the one that n8n uses, so that both see the same errors
 * (AxiosError). What they call is on this machine: behind no proxy, and answering in minutes.
 */
export const http = axios.create({
	proxy: false,
	timeout: 300_000,
	// A server may close a kept connection at the moment in which the next request goes out on it.
	httpAgent: new Agent({ keepAlive: false }),
});
