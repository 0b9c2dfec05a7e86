import type { Emulator } from '../emulator/emulator.mts';
import type { N8nClient } from '../playground/n8n/n8nClient.mts';
import type { WorkflowFile } from '../playground/n8n/workflowFile.mts';
import { documentedLimits } from '../test/support/playedLimits.mts';
import { table, type Bench, type BenchResult, type Goal } from './bench.mts';
import { fastTime } from './fastTime.mts';
import { withPlayground } from './lab.mts';
import { countHarshly, harshly, whereHarsh } from './minuteLimit.mts';
import { runScriptWorkflow, startRequestWorkflow } from './workflows.mts';

const devices = 60;
const { runsPerMinute } = documentedLimits;
const speed = 5;
/** Ten at once, then ten a minute, until the last start. */
const startsSeconds = (Math.ceil(devices / runsPerMinute) - 1) * 60;
const pollIntervalSeconds = 10;
/** An answer of the emulator, in the faster time; what the model is told, not what was measured. */
const assumedLatencyMs = 100;
const scriptName = 'triage.ps1';

interface Outcome {
	readonly name: string;
	readonly started: number;
	/** Devices with the exit code and output of their script. */
	readonly results: number;
	readonly twice: number;
	readonly calls: number;
	readonly refused: number;
	readonly seconds: number;
}

/** The documented limits; only time is shortened. */
export const manyDevices: Bench = {
	name: 'many-devices',
	title: `A script on ${devices} devices under ${runsPerMinute} starts a minute (time runs ${speed} times as fast): the limit allows no less than ${startsSeconds} s until the last start`,
	run: async () => {
		const time = fastTime(speed);
		return await withPlayground(
			{ clock: time.now, tokenLifetimeSeconds: 24 * 3600, limits: documentedLimits },
			async ({ emulator, n8n: { client } }) => {
				emulator.tenant.library.add({ fileName: scriptName, behaviour: { output: 'done' } });
				const { pickup, runScript, finish } = emulator.settings.durations;
				const run = (ids: string[]) => runScriptWorkflow(ids, scriptName, pollIntervalSeconds);
				const outcomes = [
					await measure('Defender Live Response node', emulator, client, run),
					await measure('HTTP Request, starts only, 10 every 61 s', emulator, client, (ids) =>
						startRequestWorkflow(ids, scriptName, emulator.apiUrl, {
							batching: { batchSize: runsPerMinute, batchInterval: 61_000 },
						}),
					),
				];
				countHarshly(emulator);
				const harsh = await measure(harshly, emulator, client, run);
				return resultOf(pickup + runScript + finish, outcomes, harsh);
			},
			[time.preload],
		);
	},
};

async function measure(
	name: string,
	emulator: Emulator,
	client: N8nClient,
	workflow: (machineIds: string[]) => WorkflowFile,
): Promise<Outcome> {
	emulator.advance(3600);
	const { machines } = emulator.tenant;
	const ids = Array.from({ length: devices }, () => machines.add());
	const workflowId = await client.saveWorkflow(workflow(ids));
	emulator.requests.clear();
	const execution = await client.run(workflowId, { timeoutSeconds: 400 });
	const calls = emulator.requests.matching(/ \/api\//, 'api');
	const runs = ids.map((id) => machines.runsOf(id, scriptName));
	return {
		name,
		started: runs.filter((count) => count > 0).length,
		results: execution
			.json('Results')
			.filter((item) => item.exit_code === 0 && item.output === 'done').length,
		twice: runs.filter((count) => count > 1).length,
		calls: calls.length,
		refused: calls.filter(({ status }) => status === 429).length,
		seconds: execution.milliseconds / 1000,
	};
}

/** @param deviceSeconds from the start until the action has ended */
function resultOf(
	deviceSeconds: number,
	outcomes: readonly Outcome[],
	harsh: Outcome,
): BenchResult {
	const [own] = outcomes;
	const boundSeconds = startsSeconds + deviceSeconds;
	return {
		lines: table([
			['', 'started', 'results', 'calls', 'refused', 'time', 'to the bound'],
			...[...outcomes, harsh].map((outcome) => [
				outcome.name,
				`${outcome.started}`,
				`${outcome.results}`,
				`${outcome.calls}`,
				`${outcome.refused}`,
				`${outcome.seconds.toFixed(0)} s`,
				(outcome.seconds / boundSeconds).toFixed(3),
			]),
		]),
		goals: [...goalsOf(own, boundSeconds, ''), ...goalsOf(harsh, boundSeconds, whereHarsh)],
		runs: [
			{
				what: `A script on ${devices} devices, from one n8n`,
				scenario: {
					job: { kind: 'runs', devices, deviceSeconds, pollIntervalSeconds },
					...{ workers: 1, apps: 1, limits: documentedLimits, latencyMs: assumedLatencyMs },
				},
				outcome: { seconds: own.seconds, refused: own.refused },
			},
		],
	};
}

const goalsOf = (own: Outcome, boundSeconds: number, where: string): Goal[] => [
	{ what: `time to the bound${where}`, value: own.seconds / boundSeconds, atMost: 1.05 },
	{
		what: `devices without a result${where}`,
		value: devices - own.results,
		atMost: 0,
		kind: 'count',
	},
	{ what: `scripts started twice${where}`, value: own.twice, atMost: 0, kind: 'count' },
	{ what: `calls refused${where}`, value: own.refused / own.calls, atMost: 0, kind: 'share' },
];
