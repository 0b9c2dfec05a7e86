import type { Emulator } from '../emulator/emulator.mts';
import { profiles } from '../emulator/profiles.mts';
import type { N8nClient } from '../playground/n8n/n8nClient.mts';
import { table, type Bench, type BenchResult } from './bench.mts';
import { fastTime } from './fastTime.mts';
import { withPlayground } from './lab.mts';
import { countHarshly } from './minuteLimit.mts';
import { waitWorkflow } from './workflows.mts';

const counts = [10, 100, 1000];
const speed = 10;
const intervalSeconds = 10;
/** When the actions are over. */
const waitSeconds = 120;
const scriptName = 'wait.ps1';
const whereHarsh = ', lists and limits otherwise';

interface Waited {
	readonly where: string;
	readonly actions: number;
	/** Calls that find out about the actions, each once. */
	readonly first: number;
	/** How often it was looked, and all calls beside the first ones. */
	readonly looks: number;
	readonly calls: number;
}

/** Limits are lifted, so that nothing but the number of calls is measured. */
export const waiting: Bench = {
	name: 'waiting',
	title: `API calls of waiting ${waitSeconds} s for ${counts.join(', ')} machine actions, one look every ${intervalSeconds} s (time runs ${speed} times as fast)`,
	run: async () => {
		const time = fastTime(speed);
		return await withPlayground(
			{
				clock: time.now,
				tokenLifetimeSeconds: 24 * 3600,
				limits: { callsPerMinute: Infinity, callsPerHour: Infinity, sessions: Infinity },
				durations: { pickup: waitSeconds },
			},
			async ({ emulator, n8n: { client } }) => {
				emulator.tenant.library.add({ fileName: scriptName, behaviour: { output: 'done' } });
				const waited: Waited[] = [];
				for (const where of ['', whereHarsh]) {
					if (where !== '') listHarshly(emulator);
					for (const actions of counts) {
						waited.push({ where, ...(await measure(actions, emulator, client)) });
					}
				}
				return resultOf(waited);
			},
			[time.preload],
		);
	},
};

/** From now on: lists in no order, with few ids in a filter, and next links that break beyond a page. */
function listHarshly(emulator: Emulator): void {
	countHarshly(emulator);
	emulator.configure({ lists: profiles.harsh.lists });
}

async function measure(
	actions: number,
	emulator: Emulator,
	client: N8nClient,
): Promise<Omit<Waited, 'where'>> {
	const workflowId = await client.saveWorkflow(waitWorkflow(startActions(emulator, actions)));
	emulator.requests.clear();
	const execution = await client.run(workflowId, { timeoutSeconds: 120 });
	const finished = execution.json('Results').filter(({ status }) => status === 'Succeeded').length;
	if (finished !== actions) {
		throw new Error(`${finished} of ${actions} actions: ${execution.errorMessage ?? 'no error'}`);
	}
	const calls = emulator.requests.matching(/^GET \/api\//);
	const looks = calls.filter(isLook).length;
	const first = firstReadings(calls);
	return { actions, first, looks, calls: calls.length - first };
}

/** A look asks for the live responses since a time, what comes before it for those of given ids. */
const isLook = ({ url }: { url: string }) => /creationDateTimeUtc(?:%20|\+)ge/.test(url);

const GUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** How many calls ask for actions by their ids of which one was not asked for before. */
function firstReadings(calls: ReadonlyArray<{ readonly url: string }>): number {
	const known = new Set<string>();
	return calls.filter((call) => {
		if (isLook(call)) return false;
		const ids = call.url.match(GUID) ?? [];
		const isFirst = ids.some((id) => !known.has(id));
		for (const id of ids) known.add(id);
		return isFirst;
	}).length;
}

function resultOf(waited: readonly Waited[]): BenchResult {
	const each = ({ calls, looks }: Waited) => calls / looks;
	return {
		lines: table([
			['actions', 'first readings', 'looks', 'calls a look', 'one poll per action'],
			...waited.map((entry) => [
				`${entry.actions}${entry.where}`,
				`${entry.first}`,
				`${entry.looks}`,
				each(entry).toFixed(2),
				`${entry.actions}`,
			]),
		]),
		goals: waited.flatMap((entry) => {
			const few = waited.find(({ where }) => where === entry.where);
			if (few === undefined || few === entry) return [];
			return {
				what: `calls a look for ${entry.actions} actions to those for ${few.actions}${entry.where}`,
				value: each(entry) / each(few),
				atMost: 1,
			};
		}),
	};
}

/** One live response on a device of its own each. */
function startActions(emulator: Emulator, count: number): string[] {
	return Array.from({ length: count }, (_, index) => {
		const machineId = emulator.tenant.machines.add({
			computerDnsName: `pc-${count}-${index}.contoso.example`,
		});
		const device = emulator.tenant.machines.get(machineId);
		if (device === undefined) throw new Error(`No device ${machineId}`);
		return emulator.tenant.actions.start({
			device,
			commands: [{ type: 'RunScript', params: [{ key: 'ScriptName', value: scriptName }] }],
			comment: 'bench',
			externalId: null,
			requestor: 'bench',
		}).id;
	});
}
