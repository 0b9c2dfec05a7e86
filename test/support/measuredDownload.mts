/**
 * A program of its own, so that its memory can be measured: downloads a small file to have all code
 * in memory, then the file that is meant, and prints what it took.
 */
import { prepareBinaryStore, removeBinaryStore, runNode } from './engine.mts';
import { StoredCredential } from './storedCredential.mts';

export interface MeasuredDownload {
	fields: Record<string, unknown>;
	/** Growth of the resident memory at its highest, over what it was before. */
	grownBytes: number;
}

/** Only when started as a program: `node measuredDownload.cjs <credential> <small id> <large id>`. */
async function main(credentialJson: string, smallId: string, largeId: string): Promise<void> {
	await prepareBinaryStore();
	try {
		const credential = new StoredCredential(JSON.parse(credentialJson) as object);
		const download = async (id: string) =>
			await runNode({
				parameters: {
					resource: 'result',
					operation: 'download',
					machineActionId: { __rl: true, mode: 'id', value: id },
					options: {},
				},
				credential,
			});
		await download(smallId);
		globalThis.gc?.();
		const before = process.memoryUsage.rss();
		let peak = before;
		const sampling = setInterval(() => {
			peak = Math.max(peak, process.memoryUsage.rss());
		}, 10);
		const { items, error } = await download(largeId);
		clearInterval(sampling);
		const result: MeasuredDownload = {
			fields: { ...items[0]?.json, ...(error ? { error: error.message } : {}) },
			grownBytes: peak - before,
		};
		console.log(JSON.stringify(result));
	} finally {
		removeBinaryStore();
	}
}

void main(process.argv[2], process.argv[3], process.argv[4]);
