import type { Bench } from './bench.mts';
import { compareWithChain } from './httpRequestChain.mts';

export const oneResult: Bench = {
	name: 'one-result',
	title:
		'One result in one n8n workflow, no limits: this node, and the same job in HTTP Request nodes',
	run: async () => await compareWithChain({ results: 1, rounds: 41 }),
};
