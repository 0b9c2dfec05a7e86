import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { workerConcurrency, workerCount } from '../../playground/queue/queueSettings.mts';

const root = join(__dirname, '../..');
const compose = readFileSync(join(root, 'playground/queue/docker-compose.yml'), 'utf8');

/** n8n 2.41 starts on older ones with a warning. */
const oldestSupportedPostgres = 17;

describe('docker-compose.yml for queue mode', () => {
	it('starts the n8n that is tested', () => {
		const { dependencies } = JSON.parse(
			readFileSync(join(root, 'playground/package.json'), 'utf8'),
		) as { dependencies: { n8n: string } };
		expect(compose).toContain(`image: docker.n8n.io/n8nio/n8n:${dependencies.n8n}\n`);
	});

	it('starts a PostgreSQL that this n8n supports', () => {
		const [, major] = /image: postgres:(\d+)\n/.exec(compose) ?? [];
		expect(Number(major)).toBeGreaterThanOrEqual(oldestSupportedPostgres);
	});

	it('starts as many workers, with as many executions each, as npm test -- queue', () => {
		expect(compose).toContain(`command: worker --concurrency=${workerConcurrency}\n`);
		expect(compose).toContain(`replicas: ${workerCount}\n`);
	});

	it('has the settings of npm test -- queue, and no secret', () => {
		const files = [...compose.matchAll(/^ +env_file: (.+)$/gm)].map(([, file]) => file);
		expect(files).toEqual(['queue.env', 'queue.env']);
		const secrets = [...compose.matchAll(/^ +(\w*(?:KEY|PASSWORD)): (.+)$/gm)];
		expect(secrets.length).toBeGreaterThanOrEqual(4);
		for (const [, name, value] of secrets) {
			expect([name, value]).toEqual([
				name,
				expect.stringMatching(/^\$\{\w+:\?set \w+ in \.env\}$/),
			]);
		}
	});
});
