import type { Emulator } from '../emulator/emulator.mts';
import type { N8nClient } from '../playground/n8n/n8nClient.mts';
import type { WorkflowFile } from '../playground/n8n/workflowFile.mts';
import { table, type Bench, type BenchResult } from './bench.mts';
import { fastTime } from './fastTime.mts';
import { addResults, rightResults, withPlayground } from './lab.mts';
import {
	batching,
	boundSeconds,
	callsPerMinute,
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
import { resultsOverTime, type Curve } from './resultsOverTime.mts';
import { httpRequestWorkflow, nodeWorkflow } from './workflows.mts';

interface Contestant {
	readonly name: string;
	readonly workflow: WorkflowFile;
}

interface Outcome {
	readonly name: string;
	readonly results: number;
	readonly calls: number;
	readonly refused: number;
	readonly seconds: number;
	readonly stopped: boolean;
	/** When each result file was fetched, in seconds from the start. */
	readonly fetched: readonly number[];
}

export const rateLimit: Bench = {
	name: 'rate-limit',
	title: `${results} results under ${callsPerMinute} calls a minute (time runs ${speed} times as fast): the limits allow no less than ${boundSeconds} s`,
	run: async () => {
		const time = fastTime(speed);
		const outcomes = await withPlayground(
			limitedEmulator(time),
			async ({ emulator, n8n: { client } }) => {
				const ids = await addResults(emulator, results);
				const all: Outcome[] = [];
				for (const contestant of contestants(ids, emulator.apiUrl)) {
					all.push(await measure(contestant, emulator, client));
				}
				return all;
			},
			[time.preload],
		);
		// In an n8n of its own: the first one has used up most of the calls of its hour.
		const harsh = await withPlayground(
			limitedEmulator(time),
			async ({ emulator, n8n: { client } }) => {
				const ids = await addResults(emulator, results);
				countHarshly(emulator);
				return await measure({ name: harshly, workflow: nodeWorkflow(ids) }, emulator, client);
			},
			[time.preload],
		);
		return resultOf(outcomes, harsh);
	},
};

/** This node comes first. */
function contestants(ids: string[], apiUrl: string): Contestant[] {
	const retry = { retryOnFail: true, maxTries: 5, waitBetweenTries: 5000 };
	return [
		{ name: 'Defender Live Response node', workflow: nodeWorkflow(ids) },
		{ name: 'HTTP Request, as it comes', workflow: httpRequestWorkflow(ids, apiUrl) },
		{
			name: 'HTTP Request, 5 tries 5 s apart',
			workflow: httpRequestWorkflow(ids, apiUrl, { retry }),
		},
		{
			name: `HTTP Request, ${callsPerMinute} every 61 s`,
			workflow: httpRequestWorkflow(ids, apiUrl, { batching: batching(1) }),
		},
	];
}

async function measure(
	{ name, workflow }: Contestant,
	emulator: Emulator,
	client: N8nClient,
): Promise<Outcome> {
	startAfresh(emulator);
	const workflowId = await client.saveWorkflow(workflow);
	const startedAt = emulator.clock.now();
	const execution = await client.run(workflowId, { timeoutSeconds: 300 });
	const files = emulator.requests.matching(/^GET /, 'download');
	return {
		name,
		results: rightResults(execution),
		...linkCalls(emulator),
		seconds: execution.milliseconds / 1000,
		stopped: execution.status !== 'success',
		fetched: files
			.filter(({ status }) => status === 200)
			.map(({ time }) => (time - startedAt) / 1000),
	};
}

function resultOf(outcomes: readonly Outcome[], harsh: Outcome): BenchResult {
	const [own] = outcomes;
	return {
		lines: table([
			['', 'results', 'calls', 'refused', 'time', 'to the bound'],
			...[...outcomes, harsh].map((outcome) => [
				outcome.name,
				`${outcome.results}`,
				`${outcome.calls}`,
				`${outcome.refused}`,
				`${outcome.seconds.toFixed(0)} s`,
				outcome.stopped ? 'stopped' : (outcome.seconds / boundSeconds).toFixed(3),
			]),
		]),
		goals: [
			...goalsOf(own, { atMostTime: 1.03, atMostRefused: 0.01 }),
			...goalsOf(harsh, { atMostTime: 1.03, atMostRefused: 0.01 }, whereHarsh),
		],
		runs: [runOf(`${results.toLocaleString('en-US')} results in one n8n`, 1, own)],
		pictures: [resultsOverTime(outcomes.map(curve), { results, callsPerMinute, boundSeconds })],
	};
}

const curve = ({ name, fetched, stopped, seconds, results: got }: Outcome): Curve => ({
	name,
	times: fetched,
	end: { seconds, results: got, stopped },
});
