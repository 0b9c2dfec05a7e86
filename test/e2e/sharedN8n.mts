import type { N8n } from '../../playground/n8n/n8n.mts';

const urlVariable = 'E2E_N8N_URL';

declare global {
	var sharedE2eN8n: N8n | undefined;
}

/** Jest's set-up, its tear-down and the tests have nothing in common but the global object or the environment. */
export const sharedN8n = {
	offer: (n8n: N8n): void => {
		globalThis.sharedE2eN8n = n8n;
		process.env[urlVariable] = n8n.url;
	},
	running: (): N8n | undefined => globalThis.sharedE2eN8n,
	/** For the tests, which run in other realms than the set-up. */
	url: (): string => {
		const url = process.env[urlVariable];
		if (url === undefined) throw new Error('n8n was not started: run the tests with jest');
		return url;
	},
};
