import { createHash, randomBytes } from 'node:crypto';
import { closeSync, createReadStream, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { workFolder } from '../playground/folders.mts';
import type { N8n } from '../playground/n8n/n8n.mts';
import type { Playground } from '../playground/playground.mts';
import { spreadLine, spreadOf, table, type Bench, type BenchResult } from './bench.mts';
import { withPlayground } from './lab.mts';
import { useOf } from './processUse.mts';
import { downloadWorkflow, httpRequestDownloadWorkflow } from './workflows.mts';

const mebibyte = 2 ** 20;
const size = 1024 * mebibyte;
const rounds = 3;
const mostMemoryGrowth = 64 * mebibyte;

interface Run {
	readonly milliseconds: number;
	/** By how much the process was larger at its largest than before. */
	readonly growth: number;
	/** Processor time of n8n. */
	readonly processorSeconds: number;
}

export const largeFile: Bench = {
	name: 'large-file',
	title: `A result file of ${size / mebibyte} MiB into n8n's binary data: this node, and HTTP Request nodes`,
	run: async () => {
		const file = randomFile();
		try {
			return await withPlayground(
				{
					storage: 'disk',
					limits: { callsPerMinute: Infinity, callsPerHour: Infinity },
					linkLifetimeSeconds: 24 * 3600,
				},
				async (playground) => await compare(playground, file),
			);
		} finally {
			rmSync(file, { force: true });
		}
	},
};

/** Bytes that no compression makes smaller. */
function randomFile(): string {
	const file = join(workFolder, 'bench', 'large-file.bin');
	mkdirSync(dirname(file), { recursive: true });
	const handle = openSync(file, 'w');
	for (let written = 0; written < size; written += 16 * mebibyte) {
		writeSync(handle, randomBytes(16 * mebibyte));
	}
	closeSync(handle);
	return file;
}

async function compare({ emulator, n8n }: Playground, path: string): Promise<BenchResult> {
	const id = emulator.tenant.actions.add({
		commands: [{ type: 'GetFile', path: 'C:\\memory.dmp', result: { path } }],
	});
	await emulator.settled();
	const small = emulator.tenant.actions.add({
		commands: [{ type: 'GetFile', path: 'C:\\small.bin', result: randomBytes(mebibyte) }],
	});
	await emulator.settled();
	// A small file first, so that what is loaded once is not taken for memory of the download.
	for (const workflow of [
		downloadWorkflow(small),
		httpRequestDownloadWorkflow(small, emulator.apiUrl),
	]) {
		await download(n8n, await n8n.client.saveWorkflow(workflow), mebibyte);
	}
	const node = await n8n.client.saveWorkflow(downloadWorkflow(id));
	const peer = await n8n.client.saveWorkflow(httpRequestDownloadWorkflow(id, emulator.apiUrl));
	const runs = { node: [] as Run[], peer: [] as Run[] };
	for (let round = 0; round < rounds; round += 1) {
		runs.node.push(await download(n8n, node, size));
		runs.peer.push(await download(n8n, peer, size));
	}
	return resultOf(runs.node, runs.peer, await hashingSeconds(path));
}

/** Processor time of the SHA-256 that this node gives with a file, and the HTTP Request node does not. */
async function hashingSeconds(path: string): Promise<number> {
	const hash = createHash('sha256');
	let milliseconds = 0;
	for await (const chunk of createReadStream(path)) {
		const before = performance.now();
		hash.update(chunk as Buffer);
		milliseconds += performance.now() - before;
	}
	return milliseconds / 1000;
}

/** Measured on an n8n that is at rest; its files are removed again. */
async function download(n8n: N8n, workflowId: string, bytes: number): Promise<Run> {
	const use = useOf(n8n.pid);
	const before = { memory: use.resetPeak(), seconds: use.processorSeconds() };
	const execution = await n8n.client.run(workflowId, { timeoutSeconds: 240 });
	const growth = use.peak() - before.memory;
	const processorSeconds = use.processorSeconds() - before.seconds;
	const [item] = execution.items('Results');
	const stored = item?.binary?.data;
	if (stored?.bytes !== bytes) {
		throw new Error(`${stored?.bytes} of ${bytes} bytes: ${execution.errorMessage ?? 'no error'}`);
	}
	rmSync(join(n8n.userFolder, '.n8n/storage'), { recursive: true, force: true });
	return { milliseconds: execution.milliseconds, growth, processorSeconds };
}

function resultOf(node: readonly Run[], peer: readonly Run[], hashing: number): BenchResult {
	const of = (runs: readonly Run[]) => ({
		time: spreadOf(runs.map(({ milliseconds }) => milliseconds)),
		growth: spreadOf(runs.map(({ growth }) => growth / mebibyte)),
		processor: spreadOf(runs.map(({ processorSeconds }) => processorSeconds)),
	});
	const [own, other] = [of(node), of(peer)];
	const rate = ({ time }: { time: { median: number } }) => size / mebibyte / (time.median / 1000);
	return {
		lines: [
			spreadLine('Defender Live Response node', own.time, 'ms'),
			spreadLine('HTTP Request nodes', other.time, 'ms'),
			...table([
				['', 'MiB a second', 'MiB more memory (worst)', "n8n's processor time"],
				...[
					{ name: 'Defender Live Response node', side: own },
					{ name: 'HTTP Request nodes', side: other },
				].map(({ name, side }) => [
					name,
					rate(side).toFixed(0),
					side.growth.most.toFixed(0),
					`${side.processor.median.toFixed(1)} s`,
				]),
			]),
			`${hashing.toFixed(1)} s of this node's processor time are the SHA-256 of the file, which the HTTP Request node does not make`,
		],
		goals: [
			{
				what: `memory growth at its peak to ${mostMemoryGrowth / mebibyte} MiB`,
				value: (own.growth.most * mebibyte) / mostMemoryGrowth,
				atMost: 1,
			},
			{
				what: "the HTTP Request nodes' throughput to that of this node",
				value: rate(other) / rate(own),
				atMost: 1,
			},
		],
	};
}
