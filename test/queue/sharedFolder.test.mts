import { join } from 'node:path';

import { workFolder } from '../../playground/folders.mts';
import { handOver } from './binaryHandover.mts';
import { openCluster, type Cluster } from './cluster.mts';

const minutes = 60_000;

describe('result files in a folder that all n8n processes share', () => {
	let cluster: Cluster;

	beforeAll(async () => {
		cluster = await openCluster('shared-folder', {
			environment: {
				N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem',
				N8N_STORAGE_PATH: join(workFolder, 'queue-shared-folder', 'storage'),
			},
		});
	}, 10 * minutes);

	afterAll(async () => await cluster?.stop(), minutes);

	it(
		'can be read by another worker than the one that wrote them, and by the editor',
		async () => {
			const { json, binaryId, bytes, workers } = await handOver(cluster, 'Grüße aus Zürich');

			expect(binaryId).toMatch(/^filesystem-v2:/);
			expect(workers[0]).not.toBe(workers[1]);
			expect(json).toMatchObject({ script_name: 'triage.ps1', output: 'Grüße aus Zürich' });
			expect(JSON.parse(bytes.toString('utf8'))).toMatchObject({ script_name: 'triage.ps1' });
		},
		6 * minutes,
	);
});
