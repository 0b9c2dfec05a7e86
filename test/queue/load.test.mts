import { randomUUID } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';

import { isMet, type Goal } from '../../bench/bench.mts';
import { observeCircumstances, type Circumstances } from '../../bench/circumstances.mts';
import { writeMeasurement, type Measurement } from '../../bench/measurement.mts';
import { openCluster, tenTimesTheLimits, type Cluster } from './cluster.mts';
import { resultParameters, runScriptParameters } from './workflows.mts';

const minutes = 60_000;

/** Set: the figures go to bench/measurements, from which `npm run scale` makes the pages. */
const isWritten = process.env.WRITE_MEASUREMENTS !== undefined;
/** An answer of the emulator; what the scale model is told, not what was measured. */
const assumedLatencyMs = 30;

describe('n8n in queue mode: main, webhook process, three workers', () => {
	let cluster: Cluster;

	beforeAll(async () => {
		cluster = await openCluster('load', {
			emulator: { limits: tenTimesTheLimits, durations: { pickup: 2, finish: 2 } },
		});
	}, 5 * minutes);

	afterAll(async () => await cluster?.stop(), minutes);

	it('answers an alert with the exit code, output and error of the script it started', async () => {
		const { emulator } = cluster;
		const machineId = emulator.tenant.machines.add();
		emulator.tenant.library.add({
			fileName: 'triage.ps1',
			behaviour: { exitCode: 3, output: 'two findings', errors: 'one warning' },
		});
		const workflow = await cluster.publish('Alert to result', {
			answer: 'result',
			parameters: runScriptParameters('triage.ps1'),
		});

		const answer = await workflow.alert([{ machineId, alert: 'da637' }]);

		expect(answer).toEqual({
			status: 200,
			body: [
				expect.objectContaining({
					machineId,
					script_name: 'triage.ps1',
					exit_code: 3,
					output: 'two findings',
					error: 'one warning',
				}),
			],
		});
		expect(emulator.tenant.machines.runsOf(machineId, 'triage.ps1')).toBe(1);
	});

	it(
		'starts every script of a batch of alerts once, whichever worker gets which',
		async () => {
			const { emulator } = cluster;
			emulator.tenant.library.add({
				fileName: 'collect.ps1',
				behaviour: ({ args }) => ({ exitCode: 0, output: args }),
			});
			const alerts = Array.from({ length: 5 }, (_, alert) =>
				Array.from({ length: 3 }, (_, device) => ({
					machineId: emulator.tenant.machines.add(),
					alert: `alert ${alert}`,
					args: `-Case ${alert}.${device}`,
				})),
			);
			const workflow = await cluster.publish('Batch', {
				answer: 'result',
				parameters: runScriptParameters('collect.ps1'),
			});

			const answers = await Promise.all(alerts.map(async (items) => await workflow.alert(items)));

			expect(answers.map(({ body }) => outputs(body))).toEqual(
				alerts.map((items) => items.map(({ args }) => args)),
			);
			const runs = alerts
				.flat()
				.map(({ machineId }) => emulator.tenant.machines.runsOf(machineId, 'collect.ps1'));
			expect(runs).toEqual(runs.map(() => 1));
		},
		4 * minutes,
	);

	it(
		'gives each of 30 concurrent executions its 50 results, inside the limits',
		async () => {
			const { emulator } = cluster;
			const batches = Array.from({ length: 30 }, () =>
				Array.from({ length: 50 }, () => {
					const content = randomUUID();
					const machineActionId = emulator.tenant.actions.add({
						commands: [
							{ type: 'RunScript', scriptName: 'triage.ps1', transcript: { output: content } },
						],
					});
					return { machineActionId, content };
				}),
			);
			await emulator.settled();
			const workflow = await cluster.publish('Thirty times fifty', {
				answer: 'result',
				parameters: resultParameters('parseTranscript'),
			});
			const observed = observeCircumstances();
			const before = cluster.startedByWorker();
			emulator.requests.clear();

			const started = Date.now();
			const answers = await Promise.all(batches.map(async (batch) => await workflow.alert(batch)));
			const seconds = (Date.now() - started) / 1000;

			const wrong = answers.filter(
				({ body }, index) =>
					outputs(body).join() !== batches[index].map(({ content }) => content).join(),
			);
			expect(wrong).toEqual([]);
			const share = cluster.startedByWorker().map((count, index) => count - before[index]);
			expect(share.reduce((sum, count) => sum + count)).toBe(30);
			expect(share.every((count) => count > 0)).toBe(true);

			const calls = emulator.requests.matching(/\/api\//, 'api');
			const refused = calls.filter(({ status }) => status === 429);
			const signIns = emulator.requests.matching(/oauth2/, 'login');
			const measured: Measured = {
				results: batches.flat().length,
				workers: cluster.workers.length,
				seconds,
				calls: calls.length,
				refused: refused.length,
				line: `${share.join(', ')} executions by worker, ${seconds.toFixed(0)} s, ${refused.length} of ${calls.length} calls refused, ${signIns.length} sign-ins`,
			};
			console.log(measured.line);
			const [circumstances, goals] = [observed(), goalsOf(measured)];
			if (isWritten) writeMeasurement(measurementOf(measured, circumstances, goals));

			expect(calls.length - refused.length).toBe(measured.results);
			expect(goals.filter((goal) => !isMet(goal))).toEqual([]);
			expect(signIns.length).toBeLessThanOrEqual(cluster.workers.length);
		},
		10 * minutes,
	);
});

const outputs = (body: unknown): unknown[] =>
	Array.isArray(body) ? body.map((item: IDataObject) => item.output) : [body];

interface Measured {
	readonly results: number;
	readonly workers: number;
	readonly seconds: number;
	readonly calls: number;
	readonly refused: number;
	/** To print. */
	readonly line: string;
}

const goalsOf = ({ calls, refused }: Measured): Goal[] => [
	{ what: 'calls refused', value: refused / calls, atMost: 0.06, kind: 'share' },
];

function measurementOf(
	{ results, workers, seconds, refused, line }: Measured,
	circumstances: Circumstances,
	goals: readonly Goal[],
): Measurement {
	const title = `${results.toLocaleString('en-US')} results on ${workers} workers in queue mode, limits ten times as high`;
	return {
		name: 'queue-load',
		title,
		command: 'WRITE_MEASUREMENTS=1 npm test -- queue load',
		circumstances,
		lines: [line],
		goals,
		runs: [
			{
				what: title,
				scenario: {
					job: { kind: 'results', count: results },
					...{ workers, apps: 1, limits: tenTimesTheLimits, latencyMs: assumedLatencyMs },
				},
				outcome: { seconds, refused },
			},
		],
	};
}
