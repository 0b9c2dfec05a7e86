/** What the comparisons on n8n share: a fresh playground, results to fetch, and whether they came. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';

import type { Emulator, EmulatorOptions } from '../emulator/emulator.mts';
import { workFolder } from '../playground/folders.mts';
import type { FinishedExecution } from '../playground/n8n/execution.mts';
import type { N8nClient } from '../playground/n8n/n8nClient.mts';
import { startPlayground, type Playground } from '../playground/playground.mts';
import { bearerCredential } from './workflows.mts';

/** A folder for an n8n that knows nothing yet. */
export function freshUserFolder(name: string): string {
	const userFolder = join(workFolder, 'bench', name);
	rmSync(userFolder, { recursive: true, force: true });
	return userFolder;
}

/** Runs `work` on a fresh n8n that has the credentials of both sides. */
export async function withPlayground<Result>(
	emulator: EmulatorOptions,
	work: (playground: Playground) => Promise<Result>,
	preload: readonly string[] = [],
): Promise<Result> {
	const userFolder = freshUserFolder('n8n');
	const playground = await startPlayground({ userFolder, emulator, preload });
	try {
		await saveBearerCredential(playground.emulator, playground.n8n);
		return await work(playground);
	} finally {
		await playground.stop();
		rmSync(userFolder, { recursive: true, force: true });
	}
}

/** A token that outlives every comparison, for the HTTP Request nodes. */
export async function saveBearerCredential(
	emulator: Emulator,
	{ client }: { client: N8nClient },
): Promise<void> {
	const token = emulator.accessToken({ lifetimeSeconds: 24 * 3600 });
	await client.saveCredential('httpHeaderAuth', bearerCredential, {
		name: 'Authorization',
		value: `Bearer ${token}`,
	});
}

/** Finished live responses with a transcript of 2 KB each. @returns their ids */
export async function addResults(emulator: Emulator, count: number): Promise<string[]> {
	const ids = Array.from({ length: count }, (_, index) =>
		emulator.tenant.actions.add({
			commands: [
				{
					type: 'RunScript',
					scriptName: 'triage.ps1',
					transcript: { output: `Result ${index}\n${'x'.repeat(2000)}\n` },
				},
			],
		}),
	);
	await emulator.settled();
	return ids;
}

/** How many of the results are there and in their place; `from` is the index of the first. */
export function rightResults(execution: FinishedExecution, from = 0): number {
	return execution
		.json('Results')
		.filter((item, index) =>
			String(item.output ?? item.script_output).includes(`Result ${from + index}\n`),
		).length;
}
