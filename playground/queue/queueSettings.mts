import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

/** The variables of queue mode that docker-compose.yml gives n8n's containers too. */
export function queueSettings(): Record<string, string> {
	const file = readFileSync(join(import.meta.dirname, 'queue.env'), 'utf8');
	return parseEnv(file) as Record<string, string>;
}

/** As many as docker-compose.yml starts. */
export const workerCount = 3;

/** Executions that one worker runs at once; n8n advises at least five. */
export const workerConcurrency = 10;
