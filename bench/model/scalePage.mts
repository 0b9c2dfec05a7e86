import { measuredPoints } from './measured.mts';
import type { Outcome, Scenario } from './simulation.mts';

interface Simulated {
	readonly scenario: Scenario;
	readonly outcome: Outcome;
}

export interface Tables {
	/** In the order of the measured points. */
	readonly checked: readonly Simulated[];
	readonly results: readonly Simulated[];
	readonly runs: readonly Simulated[];
}

/** docs/scale.md. */
export function scalePage({ checked, results, runs }: Tables): string {
	return `# Scale

How long big jobs take, and where Defender's limits bind. Made by \`npm run scale\`: a simulation with the rate budget that
ships with the node, one for each worker and app registration, against a service that counts calls as the
[emulator](../emulator/README.md) does. Times are simulated; nothing but the limits and an answer time of 150 ms is in them.

The limits, [as documented](https://learn.microsoft.com/en-us/defender-endpoint/api/run-live-response), for one app
registration: 100 calls a minute, 1,500 calls an hour, 10 live response starts a minute.

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

- Up to 1,500 results the limit of a minute binds: 100 at once, then 100 a minute.
- Beyond 1,500 the limit of an hour binds, and nothing done on n8n's side changes that: 1,500 results an hour.
- A second app registration doubles both. It is worth its trouble when more than 1,500 calls an hour are needed for hours.
- More workers change nothing: they share the app's limits. They cost a few refused calls, which are repeated: ${share(workersCost(results, 3))}
  with three workers, ${share(workersCost(results, 8))} with eight. Beyond that, give the workers credentials of different app registrations.

## A script on many devices

One call to start and one for the result of each device; one list call an interval watches all devices of an execution.
Here a device takes ${deviceSeconds(runs)} seconds. Every device is online; what is offline waits, and costs no calls of its own.

${table(
	['devices', 'poll interval', 'workers', 'app registrations', 'time', 'calls', 'refused'],
	runs.map(({ scenario, outcome }) => [
		number(itemsOf(scenario)),
		`${pollIntervalOf(scenario)} s`,
		`${scenario.workers}`,
		`${scenario.apps}`,
		duration(outcome.seconds),
		number(outcome.calls),
		number(outcome.refused),
	]),
)}

- Ten starts a minute bind first: 600 devices an hour for an app registration, so 10,000 devices are a matter of
  ${duration(last(runs, 1).outcome.seconds)} with one.
- 600 starts and 600 results an hour leave 300 of the 1,500 calls for waiting. At a poll interval of 10 seconds an execution spends 360, so
  a job of many hours is held back a little by the limit of an hour; at 60 seconds it is not. Set **Poll Interval** to 30 or more for such jobs.
- The watching is done once for every execution: ten executions with 100 devices each poll ten times as often as one with
  1,000. Give many devices to one execution, or do not wait and let the trigger collect the results.
- Starting on 10,000 devices in one execution means one that runs for hours. Batches (n8n's Loop Over Items, with **Wait for
  Completion** off) and the trigger survive a restart of n8n in between.
- A hold for the hour's limit is longer than **Max Rate Limit Wait** (300 s) by default and then ends as HTTP 429. Raise it
  to 3,600 for jobs that are meant to take hours.
${checked.length === 0 ? '' : checkedSection(checked)}`;
}

const checkedSection = (checked: readonly Simulated[]): string => `
## Checked against real runs

${table(
	['run', 'made by', 'measured', 'simulated', 'calls refused: measured', 'simulated'],
	measuredPoints.map(({ what, command, outcome }, index) => [
		what,
		`\`${command}\``,
		`${number(Math.round(outcome.seconds))} s`,
		`${number(Math.round(checked[index].outcome.seconds))} s`,
		number(outcome.refused),
		number(checked[index].outcome.refused),
	]),
)}

Measured are real n8n and HTTP against the emulator. Times agree within a tenth. Refused calls do not: the model has fewer
than a real run. Take its counts of refused calls as the least there will be.
`;

const itemsOf = ({ job }: Scenario): number => (job.kind === 'results' ? job.count : job.devices);

const pollIntervalOf = ({ job }: Scenario): number =>
	job.kind === 'runs' ? job.pollIntervalSeconds : 0;

const deviceSeconds = ([{ scenario }]: readonly Simulated[]): number =>
	scenario.job.kind === 'runs' ? scenario.job.deviceSeconds : 0;

/** The largest job of the table on that many app registrations. */
const last = (rows: readonly Simulated[], apps: number): Simulated =>
	rows.findLast(({ scenario }) => scenario.apps === apps) ?? rows[0];

/** The share of refused calls of the first job with that many workers. */
function workersCost(rows: readonly Simulated[], workers: number): number {
	const { outcome } = rows.find(({ scenario }) => scenario.workers === workers) ?? rows[0];
	return outcome.refused / (outcome.calls + outcome.refused);
}

const share = (value: number): string => `${(value * 100).toFixed(0)} %`;

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
