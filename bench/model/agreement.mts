import type { MeasuredRun } from '../measurement.mts';
import type { Outcome } from './simulation.mts';

/** A run of the real thing, and what the model makes of the same job. */
export interface Checked {
	readonly command: string;
	readonly run: MeasuredRun;
	readonly simulated: Outcome;
}

/** As a share of the measured time. */
const mostDifference = 0.1;

/** Whether the model is right, in sentences. */
export const agreement = (checked: readonly Checked[]): string =>
	`${ofTimes(checked)}\n${ofRefusals(checked)}`;

function ofTimes(checked: readonly Checked[]): string {
	const wrong = checked.filter((one) => Math.abs(difference(one)) > mostDifference);
	if (wrong.length === 0) {
		const largest = Math.max(...checked.map((one) => Math.abs(difference(one))));
		return `Times agree within a tenth; the largest difference is ${percent(largest)}.`;
	}
	const which = wrong.map(
		(one) =>
			`${one.run.what} (${percent(Math.abs(difference(one)))} ${difference(one) < 0 ? 'less' : 'more'} than measured)`,
	);
	return `Times do **not** agree within a tenth: ${which.join('; ')}.`;
}

const difference = ({ run, simulated }: Checked): number =>
	simulated.seconds / run.outcome.seconds - 1;

function ofRefusals(checked: readonly Checked[]): string {
	const more = checked.some(({ run, simulated }) => simulated.refused > run.outcome.refused);
	const fewer = checked.some(({ run, simulated }) => simulated.refused < run.outcome.refused);
	if (more && fewer) {
		return 'Refused calls do not agree: the model has more of them in some runs and fewer in others.';
	}
	if (more) return 'Refused calls do not agree: the model has at least as many as a real run.';
	if (fewer) {
		return 'Refused calls do not agree: the model has at most as many as a real run. Take its counts as the least there will be.';
	}
	return 'Refused calls agree.';
}

const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
