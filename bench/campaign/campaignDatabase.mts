/** What executions of a campaign leave in the database of n8n. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { exampleWith, withLibraryScript } from '../../playground/examples.mts';
import type { Playground } from '../../playground/playground.mts';
import { until } from '../../test/support/until.mts';
import { table, type Bench, type BenchResult } from '../bench.mts';
import { withPlayground } from '../lab.mts';

const devices = 300;
const executions = 60;
const secondsApart = 2;
const days = 2;
const executionsInAll = days * 24 * 60;
const tag = 'Sweep';
const scriptName = 'sweep.ps1';

export const campaignDatabase: Bench = {
	name: 'campaign-database',
	title: `What the example campaign-sweep leaves in n8n's database (SQLite, settings as n8n comes), by ${executions} executions over ${devices} devices`,
	run: async () =>
		await withPlayground({ tenant: 'empty' }, async (playground) => {
			const { library, machines } = playground.emulator.tenant;
			library.add({ fileName: scriptName, behaviour: { output: 'not there' } });
			for (let at = 0; at < devices; at++) machines.add({ machineTags: [tag] });
			return resultOf(await bytesOfExecution(playground));
		}),
};

async function bytesOfExecution({ n8n }: Playground): Promise<number> {
	const example = exampleWith('campaign-sweep', {
		...{ campaignKey: 'sweep', tag, chatUrl: 'http://127.0.0.1:9' },
		startsAt: new Date().toISOString(),
	});
	const workflow = withLibraryScript(example, scriptName);
	for (const { name, parameters } of workflow.nodes) {
		if (name !== 'Every minute') continue;
		parameters.rule = { interval: [{ field: 'seconds', secondsInterval: secondsApart }] };
	}
	const id = await n8n.client.saveWorkflow(workflow);
	const file = join(n8n.userFolder, '.n8n', 'database.sqlite');
	await n8n.client.activate(id);
	const first = await afterExecution(file, lastExecution(file) + 3);
	const last = await afterExecution(file, first.execution + executions);
	await n8n.client.deactivate(id);
	return (last.bytes - first.bytes) / (last.execution - first.execution);
}

/** What the database holds once n8n has begun that execution. */
async function afterExecution(file: string, execution: number) {
	await until(
		() => lastExecution(file) >= execution,
		`execution ${execution}`,
		executions * secondsApart * 3,
	);
	return query(file, (database) => ({
		execution: numberIn(database, lastOfExecutions),
		bytes: numberIn(database, 'SELECT sum(pgsize - unused) AS value FROM dbstat'),
	}));
}

const lastOfExecutions =
	"SELECT coalesce(max(seq), 0) AS value FROM sqlite_sequence WHERE name = 'execution_entity'";

const lastExecution = (file: string): number =>
	query(file, (database) => numberIn(database, lastOfExecutions));

function query<Result>(file: string, ask: (database: DatabaseSync) => Result): Result {
	const database = new DatabaseSync(file, { readOnly: true });
	try {
		return ask(database);
	} finally {
		database.close();
	}
}

const numberIn = (database: DatabaseSync, sql: string): number =>
	Number(database.prepare(sql).get()?.value ?? NaN);

function resultOf(bytes: number): BenchResult {
	const megabytes = (bytes * executionsInAll) / 1e6;
	return {
		lines: table([
			['an execution', `${executionsInAll} executions`],
			[`${(bytes / 1000).toFixed(1)} kB`, `${megabytes.toFixed(1)} MB`],
		]),
		goals: [
			{
				what: `MB in the database after an execution every minute for ${days} days`,
				value: megabytes,
				atMost: 100,
				kind: 'count',
			},
		],
	};
}
