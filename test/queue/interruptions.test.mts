import type { IDataObject } from 'n8n-workflow';

import { FinishedExecution } from '../../playground/n8n/execution.mts';
import { liveResponseName } from '../../playground/packageNodes.mts';
import type { Part } from '../../playground/queue/queueMode.mts';
import { http } from '../support/http.mts';
import { until } from '../support/until.mts';
import { openCluster, type Cluster } from './cluster.mts';
import { campaignWorkflow, runScriptParameters } from './workflows.mts';

const minutes = 60_000;
const script = 'collect.ps1';

const alertsAtOnce = 6;
const devicesOfAlert = 3;
const whileOthersAreStarted = 7;
/** So many that the busiest worker, which has two alerts or more, has started some of them. */
const untilBusiestHasStarted = (alertsAtOnce - 2) * devicesOfAlert + 1;

const devicesOfCampaign = 12;
/** Longer than what a killed worker had claimed in n8n's database, and not started, stays claimed. */
const mostSeconds = 11 * 60;

/** Kills the worker that took up an execution last. */
async function restartNewest(workers: readonly Part[]): Promise<void> {
	const newestOf = ({ logText }: Part) =>
		Math.max(0, ...[...logText().matchAll(/Worker started execution (\d+)/g)].map(([, id]) => +id));
	const [newest] = [...workers].sort((a, b) => newestOf(b) - newestOf(a));
	await newest.kill();
	await newest.start();
}

/** Alert sources send again what was not answered; the key makes both deliveries one run. */
const withKey = runScriptParameters(script, { idempotencyKey: '={{ $json.item.alert }}' });

describe('n8n in queue mode, interrupted in the middle of a batch', () => {
	let cluster: Cluster;

	beforeAll(async () => {
		cluster = await openCluster('interruptions', {
			emulator: {
				limits: { callsPerMinute: 1000, callsPerHour: 60_000, runsPerMinute: 60 },
				durations: { pickup: 6, finish: 4 },
			},
		});
		cluster.emulator.tenant.library.add({
			fileName: script,
			behaviour: ({ args }) => ({ exitCode: 0, output: args }),
		});
	}, 5 * minutes);

	afterAll(async () => await cluster?.stop(), minutes);

	/** Alerts of several devices each, interrupted when so many scripts have been started. */
	async function expectOnceDespite(
		name: string,
		scriptsStarted: number,
		interrupt: () => Promise<void>,
	): Promise<{ attached: number }> {
		const { machines } = cluster.emulator.tenant;
		const workflow = await cluster.publish(name, { answer: 'result', parameters: withKey });
		const alerts = Array.from({ length: alertsAtOnce }, (_, alert) =>
			Array.from({ length: devicesOfAlert }, () => {
				const machineId = machines.add();
				return { machineId, args: `-Device ${machineId}`, alert: `${name} ${alert}` };
			}),
		);
		const earlier = startedRuns();

		const answers = Promise.all(alerts.map(async (items) => await workflow.deliver(items)));
		answers.catch(() => undefined);
		const enough = () => startedRuns() >= earlier + scriptsStarted;
		await until(enough, `${scriptsStarted} started scripts`, 120);
		await interrupt();
		const results = await answers;

		const outputs = (of: IDataObject[]) => of.map(({ output }) => output);
		expect(results.map(outputs)).toEqual(alerts.map((items) => items.map(({ args }) => args)));
		const devices = alerts.flat();
		const runs = devices.map(({ machineId }) => machines.runsOf(machineId, script));
		expect(runs).toEqual(devices.map(() => 1));
		return { attached: results.flat().filter(({ attached }) => attached === true).length };
	}

	const startedRuns = (): number =>
		cluster.emulator.requests
			.matching(/POST .*\/runliveresponse$/)
			.filter(({ status }) => status === 201).length;

	it(
		'loses nothing and starts nothing twice when a worker is killed',
		async () => {
			const before = cluster.startedByWorker();

			const { attached } = await expectOnceDespite(
				'Killed worker',
				untilBusiestHasStarted,
				async () => {
					const started = cluster.startedByWorker().map((count, index) => count - before[index]);
					const busiest = cluster.workers[started.indexOf(Math.max(...started))];
					await busiest.kill();
					await busiest.start();
				},
			);

			expect(attached).toBeGreaterThan(0);
		},
		6 * minutes,
	);

	it(
		'loses nothing and starts nothing twice when Redis is restarted',
		async () => {
			await expectOnceDespite(
				'Redis restarted',
				whileOthersAreStarted,
				async () => await cluster.redis.restart(5),
			);
		},
		6 * minutes,
	);

	it(
		'loses nothing and starts nothing twice when PostgreSQL is restarted',
		async () => {
			await expectOnceDespite(
				'PostgreSQL restarted',
				whileOthersAreStarted,
				async () => await cluster.postgres.restart(5),
			);
		},
		6 * minutes,
	);

	it(
		'asks each device of a campaign once when a worker is killed, Redis and PostgreSQL are restarted on its way',
		async () => {
			const { client, emulator, redis, postgres, workers } = cluster;
			const { machines } = emulator.tenant;
			emulator.settings.lag.list = 5;
			const ids = Array.from({ length: devicesOfCampaign }, () =>
				machines.add({ machineTags: ['Campaign'] }),
			);
			const answered = () => ids.map((id) => machines.runsOf(id, script));
			const workflow = campaignWorkflow('Campaign', { tag: 'Campaign', scriptName: script });
			const campaign = await client.saveWorkflow(workflow);
			await client.activate(campaign);
			const earlier = startedRuns();

			for (const [starts, interrupt] of [
				[3, async () => await restartNewest(workers)],
				[6, async () => await redis.restart(5)],
				[9, async () => await postgres.restart(5)],
			] as const) {
				await until(() => startedRuns() >= earlier + starts, `${starts} starts`, mostSeconds);
				await interrupt();
			}
			await until(
				() => answered().every((runs) => runs > 0),
				() => `an answer of each device: ${answered().join(' ')}`,
				mostSeconds,
			);
			const totals = async () => {
				const [last] = await client.executions(campaign);
				return new FinishedExecution(last).json(liveResponseName)[0];
			};
			await until(async () => (await totals())?.finished === true, 'the end', mostSeconds);
			await client.deactivate(campaign);

			expect(await totals()).toMatchObject({ devices: ids.length, done: ids.length, failed: 0 });
			expect(answered()).toEqual(ids.map(() => 1));
			expect(startedRuns() - earlier).toBe(ids.length);
		},
		15 * minutes,
	);

	it(
		'gives the result of the script that a failed execution had started, when it is retried',
		async () => {
			const { faults, tenant } = cluster.emulator;
			const machineId = tenant.machines.add();
			const workflow = await cluster.publish('Retried by hand', {
				answer: 'result',
				parameters: runScriptParameters(script),
			});
			faults.order({ kind: 'forbidden', path: /DownloadLink/ });
			const { status } = await workflow.alert([{ machineId, args: '-Once', alert: 'retried' }]);
			expect(status).toBe(500);
			const [failed] = await cluster.client.executions(workflow.id);

			const retried = await cluster.client.retry(failed.id);

			expect(retried.json(liveResponseName)).toEqual([
				expect.objectContaining({ machineId, exit_code: 0, output: '-Once' }),
			]);
			expect(tenant.machines.runsOf(machineId, script)).toBe(1);
		},
		2 * minutes,
	);

	it('is at work with all its processes afterwards', async () => {
		const parts = [cluster.main, cluster.webhook, ...cluster.workers];

		const states = parts.map(async ({ name, url }) => {
			const { status } = await http.get(`${url}/healthz/readiness`, { validateStatus: null });
			return `${name} ${status}`;
		});

		expect(await Promise.all(states)).toEqual(parts.map(({ name }) => `${name} 200`));
	});
});
