import axios from 'axios';

/**
 * The HTTP client of tests and playground: the one that n8n uses, so that both see the same errors
 * (AxiosError). What they call is on this machine: behind no proxy, and answering in minutes.
 */
export const http = axios.create({ proxy: false, timeout: 300_000 });
