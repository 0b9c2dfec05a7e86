import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { WorkflowFile } from './n8n/workbench.mts';

/** The name of the demo workflow's last node. */
export const resultNode = 'Parse transcript';

/** The workflow of the demo: two finished live responses, read and parsed. */
export function parseTranscripts(): WorkflowFile {
	const file = join(import.meta.dirname, 'workflows/parse-transcripts.json');
	return JSON.parse(readFileSync(file, 'utf8')) as WorkflowFile;
}
