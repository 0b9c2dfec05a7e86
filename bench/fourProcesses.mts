import { startEmulator, type Emulator } from '../emulator/emulator.mts';
import { installPackage, packPackage } from '../playground/communityPackage.mts';
import type { FinishedExecution } from '../playground/n8n/execution.mts';
import { startN8n, type N8n } from '../playground/n8n/n8n.mts';
import type { WorkflowFile } from '../playground/n8n/workflowFile.mts';
import { credentialName, credentialType } from '../playground/packageNodes.mts';
import { table, type Bench, type BenchResult, type Goal } from './bench.mts';
import { fastTime } from './fastTime.mts';
import { addResults, freshUserFolder, rightResults, saveBearerCredential } from './lab.mts';
import {
	batching,
	boundSeconds,
	countHarshly,
	goalsOf,
	harshly,
	limitedEmulator,
	linkCalls,
	results,
	runOf,
	speed,
	startAfresh,
	whereHarsh,
} from './minuteLimit.mts';
import { httpRequestWorkflow, nodeWorkflow } from './workflows.mts';

const processes = 4;
const each = results / processes;

interface Outcome {
	readonly name: string;
	readonly results: number;
	readonly calls: number;
	readonly refused: number;
	readonly seconds: number;
	readonly stopped: number;
}

/** They know nothing of each other, as the workers of n8n's queue mode do not. */
export const fourProcesses: Bench = {
	name: 'four-processes',
	title: `${results} results from ${processes} n8n processes that share one app registration, ${each} each (time runs ${speed} times as fast): the limits allow no less than ${boundSeconds} s`,
	run: async () => {
		const time = fastTime(speed);
		const emulator = await startEmulator(limitedEmulator(time));
		const all: N8n[] = [];
		try {
			for (let index = 0; index < processes; index += 1) {
				all.push(await prepared(emulator, `n8n-${index}`, time.preload));
			}
			const ids = await addResults(emulator, results);
			const outcomes = [
				await measure('Defender Live Response node', ids, emulator, all, nodeWorkflow),
				await measureRequests(processes, ids, emulator, all),
				await measureRequests(1, ids, emulator, all),
			];
			countHarshly(emulator);
			return resultOf(outcomes, await measure(harshly, ids, emulator, all, nodeWorkflow));
		} finally {
			for (const n8n of all) await n8n.stop();
			await emulator.stop();
		}
	},
};

async function prepared(emulator: Emulator, name: string, preload: string): Promise<N8n> {
	const userFolder = freshUserFolder(name);
	await installPackage(await packPackage(), userFolder);
	const n8n = await startN8n({ userFolder, preload: [preload] });
	await n8n.client.saveCredential(credentialType, credentialName, { ...emulator.credential });
	await saveBearerCredential(emulator, n8n);
	return n8n;
}

async function measure(
	name: string,
	ids: readonly string[],
	emulator: Emulator,
	all: readonly N8n[],
	workflow: (ids: readonly string[]) => WorkflowFile,
): Promise<Outcome> {
	startAfresh(emulator);
	const parts = all.map((_, index) => ids.slice(index * each, (index + 1) * each));
	const workflowIds = await Promise.all(
		all.map(async ({ client }, index) => await client.saveWorkflow(workflow(parts[index]))),
	);
	const executions = await Promise.all(
		all.map(
			async ({ client }, index) => await client.run(workflowIds[index], { timeoutSeconds: 400 }),
		),
	);
	return {
		name,
		results: executions.reduce(
			(sum, execution, index) => sum + rightResults(execution, index * each),
			0,
		),
		...linkCalls(emulator),
		seconds: secondsOf(executions),
		stopped: executions.filter(({ status }) => status !== 'success').length,
	};
}

/** Each process takes so large a share of the limit: a careful user divides it, another does not. */
async function measureRequests(
	shares: number,
	ids: readonly string[],
	emulator: Emulator,
	all: readonly N8n[],
): Promise<Outcome> {
	const own = batching(shares);
	return await measure(`HTTP Request, ${own.batchSize} every 61 s`, ids, emulator, all, (part) =>
		httpRequestWorkflow(part, emulator.apiUrl, { batching: own }),
	);
}

/** From the first start to the last end: their clocks are one. */
function secondsOf(executions: readonly FinishedExecution[]): number {
	const starts = executions.map(({ stored }) => Date.parse(stored.startedAt));
	const ends = executions.map(({ stored }) => Date.parse(stored.stoppedAt ?? ''));
	return (Math.max(...ends) - Math.min(...starts)) / 1000;
}

function resultOf(outcomes: readonly Outcome[], harsh: Outcome): BenchResult {
	const [own, careful] = outcomes;
	return {
		lines: table([
			['', 'results', 'calls', 'refused', 'time', 'to the bound', 'stopped'],
			...[...outcomes, harsh].map((outcome) => [
				outcome.name,
				`${outcome.results}`,
				`${outcome.calls}`,
				`${outcome.refused}`,
				`${outcome.seconds.toFixed(0)} s`,
				outcome.results === results ? (outcome.seconds / boundSeconds).toFixed(3) : '',
				`${outcome.stopped} of ${processes}`,
			]),
		]),
		goals: [
			...goalsOf(own, { atMostTime: 1.15, atMostRefused: 0.05 }),
			...goalsOf(harsh, { atMostTime: 1.15, atMostRefused: 0.05 }, whereHarsh),
			...(careful.results === results ? [toCareful(own, careful)] : []),
		],
		runs: [
			runOf(
				`${results.toLocaleString('en-US')} results in ${processes} n8n that share an app registration`,
				processes,
				own,
			),
		],
	};
}

const toCareful = (own: Outcome, careful: Outcome): Goal => ({
	what: `time to that of ${careful.name}`,
	value: own.seconds / careful.seconds,
	atMost: 1,
});
