import type { Emulator } from '../emulator/emulator.mts';
import type { Workbench, WorkflowFile } from '../playground/n8n/workbench.mts';
import { table, type Bench, type BenchResult } from './bench.mts';
import { fastTime } from './fastTime.mts';
import { addResults, rightResults, withPlayground } from './lab.mts';
import { resultsOverTime, type Curve } from './resultsOverTime.mts';
import { httpRequestWorkflow, nodeWorkflow } from './workflows.mts';

const results = 1000;
const callsPerMinute = 100;
const speed = 5;
/** The first calls of a window go at once, and the last window needs no waiting. */
const boundSeconds = (Math.ceil(results / callsPerMinute) - 1) * 60;

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

/** n8n's own clock and the emulator's run faster, so that nine minutes of limits pass in one. */
export const rateLimit: Bench = {
	name: 'rate-limit',
	title: `${results} results under ${callsPerMinute} calls a minute (time runs ${speed} times as fast): the limits allow no less than ${boundSeconds} s`,
	run: async () => {
		const time = fastTime(speed);
		const limits = { callsPerMinute, callsPerHour: 1500 };
		return await withPlayground(
			{ limits, clock: time.now, tokenLifetimeSeconds: 24 * 3600 },
			async ({ emulator, n8n: { workbench } }) => {
				const ids = await addResults(emulator, results);
				const outcomes: Outcome[] = [];
				for (const contestant of contestants(ids, emulator.apiUrl)) {
					outcomes.push(await measure(contestant, emulator, workbench));
				}
				return resultOf(outcomes);
			},
			[time.preload],
		);
	},
};

/** This node comes first. */
function contestants(ids: string[], apiUrl: string): Contestant[] {
	const retry = { retryOnFail: true, maxTries: 5, waitBetweenTries: 5000 };
	const batching = { batchSize: callsPerMinute, batchInterval: 61_000 };
	return [
		{ name: 'Defender Live Response node', workflow: nodeWorkflow(ids) },
		{ name: 'HTTP Request, as it comes', workflow: httpRequestWorkflow(ids, apiUrl) },
		{
			name: 'HTTP Request, 5 tries 5 s apart',
			workflow: httpRequestWorkflow(ids, apiUrl, { retry }),
		},
		{
			name: `HTTP Request, ${callsPerMinute} every 61 s`,
			workflow: httpRequestWorkflow(ids, apiUrl, { batching }),
		},
	];
}

/** On limits that nothing has been spent of. */
async function measure(
	{ name, workflow }: Contestant,
	emulator: Emulator,
	workbench: Workbench,
): Promise<Outcome> {
	emulator.advance(3600);
	emulator.requests.clear();
	const workflowId = await workbench.saveWorkflow(workflow);
	const startedAt = emulator.clock.now();
	const execution = await workbench.run(workflowId, { timeoutSeconds: 300 });
	const calls = emulator.requests.matching(/DownloadLink/);
	const files = emulator.requests.matching(/^GET /, 'download');
	return {
		name,
		results: rightResults(execution),
		calls: calls.length,
		refused: calls.filter(({ status }) => status === 429).length,
		seconds: execution.milliseconds / 1000,
		stopped: execution.status !== 'success',
		fetched: files
			.filter(({ status }) => status === 200)
			.map(({ time }) => (time - startedAt) / 1000),
	};
}

function resultOf(outcomes: readonly Outcome[]): BenchResult {
	const [own] = outcomes;
	return {
		lines: table([
			['', 'results', 'calls', 'refused', 'time', 'to the bound'],
			...outcomes.map((outcome) => [
				outcome.name,
				`${outcome.results}`,
				`${outcome.calls}`,
				`${outcome.refused}`,
				`${outcome.seconds.toFixed(0)} s`,
				outcome.stopped ? 'stopped' : (outcome.seconds / boundSeconds).toFixed(3),
			]),
		]),
		goals: [
			{ what: 'time to the bound', value: own.seconds / boundSeconds, atMost: 1.05 },
			{ what: 'results lost', value: results - own.results, atMost: 0, kind: 'count' },
			{ what: 'calls refused', value: own.refused / own.calls, atMost: 0.01, kind: 'share' },
		],
		pictures: [resultsOverTime(outcomes.map(curve), { results, callsPerMinute, boundSeconds })],
	};
}

const curve = ({ name, fetched, stopped, seconds, results: got }: Outcome): Curve => ({
	name,
	times: fetched,
	end: { seconds, results: got, stopped },
});
