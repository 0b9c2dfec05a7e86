import type { Bench } from './bench.mts';
import { compareWithChain } from './httpRequestChain.mts';

const results = 200;

export const manyResults: Bench = {
	name: 'many-results',
	title: `${results} results in one n8n workflow, no limits: this node, and the same job in HTTP Request nodes`,
	run: async () => await compareWithChain({ results, rounds: 9 }),
};
