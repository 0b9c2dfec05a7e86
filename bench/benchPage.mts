import { asWritten, isMet } from './bench.mts';
import type { Circumstances } from './circumstances.mts';
import type { Measurement } from './measurement.mts';
import { missedGoals } from './missedGoals.mts';

/** docs/bench.md. */
export const benchPage = (measurements: readonly Measurement[]): string =>
	[
		'# Measurements\n',
		`Made from the files in [bench/measurements](../bench/measurements), which the commands below write. Everything runs on n8n itself with the package as it is published, against the Defender [emulator](../emulator/README.md) of this repository.\n`,
		'Times depend on the machine and on what else it does; ratios say more. A goal is met when the value is at most as large.\n',
		goalTable(measurements),
		...measurements.map(section),
	].join('\n');

function goalTable(measurements: readonly Measurement[]): string {
	const rows = measurements.flatMap(({ name, goals }) =>
		goals.map((goal) => {
			const [value, atMost] = [goal.value, goal.atMost].map((number) => asWritten(goal, number));
			return `| ${name} | ${goal.what} | ${value} | ${atMost} | ${isMet(goal) ? 'yes' : '**no**'} |`;
		}),
	);
	return ['| bench | what | measured | goal | met |', '|---|---|--:|--:|---|', ...rows, ''].join(
		'\n',
	);
}

function section(measurement: Measurement): string {
	const { name, title, command, circumstances, lines, pictures = [] } = measurement;
	return [
		`## ${name}\n`,
		`${title}\n`,
		`\`\`\`\n${lines.join('\n')}\n\`\`\`\n`,
		...pictures.map(({ alt, fileName }) => `![${alt}](images/${fileName})\n`),
		...missedGoals(measurement).map(
			({ goal, cause }) => `Not met, ${goal.what}: ${cause ?? 'the cause is not known'}.\n`,
		),
		`By \`${command}\`, ${written(circumstances)}\n`,
	].join('\n');
}

/** A sentence without its beginning. */
function written({ date, commit, machine, software, load }: Circumstances): string {
	const version = commit === null ? '' : ` at commit ${commit}`;
	const average =
		load === null
			? 'Load average not recorded.'
			: `Load average ${load.start.toFixed(1)} at the start, ${load.end.toFixed(1)} at the end.`;
	return `${date}${version}. ${machine}. ${software}. ${average}`;
}
