import { documentedLimits } from '../../test/support/playedLimits.mts';
import type { Measurement } from '../measurement.mts';
import { agreement, type Checked } from './agreement.mts';
import { deviceJobs, harshJobs, resultJobs } from './jobs.mts';
import { outcomeOf, type Simulated } from './simulated.mts';
import type { Job, Scenario } from './simulation.mts';

const { callsPerMinute, callsPerHour, runsPerMinute } = documentedLimits;
const startsPerHour = runsPerMinute * 60;
/** Of all calls: another app registration costs less than to make so many in vain. */
const mostRefused = 0.05;

/** docs/scale.md. @throws Error when `simulated` lacks a job of the page or of a measured run */
export function scalePage(
	simulated: readonly Simulated[],
	measurements: readonly Measurement[],
): string {
	const found = (scenario: Scenario) => ({ scenario, outcome: outcomeOf(simulated, scenario) });
	const [results, runs, harsh] = [resultJobs, deviceJobs, harshJobs].map((jobs) => jobs.map(found));
	const checked = measurements.flatMap(({ command, runs: measured = [] }) =>
		measured.map((run) => ({ command, run, simulated: outcomeOf(simulated, run.scenario) })),
	);
	const spentHour = results.filter(({ scenario }) => itemsOf(scenario) === callsPerHour);
	return `# Scale

How long big jobs take, and where Defender's limits bind. Made by \`npm run scale\`: a simulation with the rate budget that
ships with the node, one for each worker and app registration, against a service that counts calls as the
[emulator](../emulator/README.md) does. Times are simulated; nothing but the limits and an answer time of ${results[0].scenario.latencyMs} ms is in them.

The limits, [as documented](https://learn.microsoft.com/en-us/defender-endpoint/api/run-live-response), for one app
registration: ${callsPerMinute} calls a minute, ${number(callsPerHour)} calls an hour, ${runsPerMinute} live response starts a minute.

## Results of live responses that have ended

One call each, with a command index given.

${table(
	['results', 'workers', 'app registrations', 'time', 'results an hour', 'calls', 'refused'],
	results.map(({ scenario, outcome }) => [
		number(itemsOf(scenario)),
		`${scenario.workers}`,
		`${scenario.apps}`,
		duration(outcome.seconds),
		number(Math.round((itemsOf(scenario) * 3600) / Math.max(3600, outcome.seconds))),
		number(outcome.calls),
		number(outcome.refused),
	]),
)}

- Up to ${number(callsPerHour)} results the limit of a minute binds: ${callsPerMinute} as fast as they are answered, then ${callsPerMinute} a minute.
- Beyond that the limit of an hour binds, and nothing done on n8n's side changes that: ${number(callsPerHour)} results an hour.
- A second app registration has limits of its own. It is worth its trouble when more than ${number(callsPerHour)} calls an hour are
  needed for hours: ${number(mostItems(results))} results take ${largest(results).map(timeByApps).join(', ')}.
- More workers are not faster, because they share the app's limits, and they cost refused calls, which are repeated:
  ${number(callsPerHour)} results take ${spentHour.map(timeByWorkers).join(', ')}.
  ${refusedToWorkers(spentHour)}

## A script on many devices

One call to start and one for the result of each device; one list call an interval watches all devices of an execution.
Here a device takes ${devicesOf(runs[0].scenario).deviceSeconds} seconds. Every device is online; what is offline waits, and costs no calls of its own.

${table(
	['devices', 'poll interval', 'workers', 'app registrations', 'time', 'calls', 'refused'],
	runs.map(({ scenario, outcome }) => [
		number(itemsOf(scenario)),
		`${devicesOf(scenario).pollIntervalSeconds} s`,
		`${scenario.workers}`,
		`${scenario.apps}`,
		duration(outcome.seconds),
		number(outcome.calls),
		number(outcome.refused),
	]),
)}

- ${runsPerMinute} starts a minute bind first: ${number(startsPerHour)} devices an hour for an app registration.
- ${number(startsPerHour)} starts and ${number(startsPerHour)} results an hour leave ${number(callsPerHour - 2 * startsPerHour)} of the ${number(callsPerHour)} calls for waiting: with ${number(mostItems(runs))} devices,
  ${largest(runs).filter(isAlone).map(timeByPolls).join('; ')}.
  Set **Poll Interval** to 30 or more for jobs of many hours.
- The watching is done once for every execution: ten executions with 100 devices each poll ten times as often as one with
  1,000. Give many devices to one execution, or do not wait and let the trigger collect the results.
- Starting on 10,000 devices in one execution means one that runs for hours. Batches (n8n's Loop Over Items, with **Wait for
  Completion** off) and the trigger survive a restart of n8n in between.
- A hold for the hour's limit is longer than **Max Rate Limit Wait** (300 s) by default and then ends as HTTP 429. Raise it
  to 3,600 for jobs that are meant to take hours.

## Where the limits are counted otherwise

Nobody says whether a minute moves on with each call or begins anew for all, nor whether refused calls count. Here it begins
anew, they do count, and a refusal says which limit it was, but not until when.

${table(
	['job', 'workers', 'time', 'calls', 'refused'],
	harsh.map(({ scenario, outcome }) => [
		`${number(itemsOf(scenario))} ${scenario.job.kind === 'runs' ? 'devices' : 'results'}`,
		`${scenario.workers}`,
		duration(outcome.seconds),
		number(outcome.calls),
		number(outcome.refused),
	]),
)}
${campaignSection(measurements)}${checked.length === 0 ? '' : checkedSection(checked)}`;
}

/** Empty as long as it was not measured. */
function campaignSection(measurements: readonly Measurement[]): string {
	const campaign = measurements.find(({ name }) => name === 'campaign');
	const [picture] = campaign?.pictures ?? [];
	if (!campaign || !picture) return '';
	return `
## A campaign over days

${campaign.title}. [What that is](campaigns.md), and [what was measured](bench.md#campaign).

![${picture.alt}](images/${picture.fileName})
`;
}

const checkedSection = (checked: readonly Checked[]): string => `
## Checked against real runs

Measured are real n8n and HTTP against the emulator; [measurements](bench.md) says when and on what.

${table(
	[
		'run',
		'made by',
		'answer time in the model',
		'measured',
		'simulated',
		'calls refused: measured',
		'simulated',
	],
	checked.map(({ command, run, simulated }) => [
		run.what,
		`\`${command}\``,
		`${run.scenario.latencyMs} ms`,
		`${number(Math.round(run.outcome.seconds))} s`,
		`${number(Math.round(simulated.seconds))} s`,
		number(run.outcome.refused),
		number(simulated.refused),
	]),
)}

${agreement(checked)}
`;

const itemsOf = ({ job }: Scenario): number => (job.kind === 'results' ? job.count : job.devices);

const mostItems = (rows: readonly Simulated[]): number =>
	Math.max(...rows.map(({ scenario }) => itemsOf(scenario)));

const largest = (rows: readonly Simulated[]): Simulated[] =>
	rows.filter(({ scenario }) => itemsOf(scenario) === mostItems(rows));

const isAlone = ({ scenario }: Simulated): boolean => scenario.workers === 1 && scenario.apps === 1;

function devicesOf({ job }: Scenario): Extract<Job, { kind: 'runs' }> {
	if (job.kind === 'runs') return job;
	throw new Error('A job without devices');
}

const timeByApps = ({ scenario, outcome }: Simulated): string =>
	`${duration(outcome.seconds)} with ${counted(scenario.apps, 'app registration')}`;

const timeByWorkers = ({ scenario, outcome }: Simulated): string =>
	`${duration(outcome.seconds)} with ${counted(scenario.workers, 'worker')} (${percent(refusedShare(outcome))} refused)`;

function timeByPolls({ scenario, outcome }: Simulated): string {
	const seconds = devicesOf(scenario).pollIntervalSeconds;
	return `a poll interval of ${seconds} s spends ${3600 / seconds} an hour, and the job takes ${duration(outcome.seconds)}`;
}

function refusedToWorkers(rows: readonly Simulated[]): string {
	const most = Math.max(
		...rows.map(
			({ scenario, outcome }) => (outcome.refused * 60) / outcome.seconds / scenario.workers,
		),
	);
	const many = rows.find(({ outcome }) => refusedShare(outcome) > mostRefused);
	const advice =
		many === undefined
			? ''
			: ` From ${counted(many.scenario.workers, 'worker')} on more than ${percent(mostRefused)} of the calls are refused, which is worth a second app registration for half of the workers.`;
	return `On average a worker is refused up to ${most.toFixed(1)} calls a minute.${advice}`;
}

const refusedShare = ({ calls, refused }: Simulated['outcome']): number =>
	refused / (calls + refused);

const percent = (value: number): string => `${(value * 100).toFixed(0)} %`;

const counted = (count: number, what: string): string =>
	`${count} ${what}${count === 1 ? '' : 's'}`;

const number = (value: number): string => value.toLocaleString('en-US');

function duration(seconds: number): string {
	if (seconds < 120) return `${Math.round(seconds)} s`;
	if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
	return `${(seconds / 3600).toFixed(1)} h`;
}

function table(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
	const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
	return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
