import type { Outcome, Scenario } from './simulation.mts';

/** A run of the real thing, to hold the model against. */
export interface MeasuredPoint {
	/** What was run, and the command that did. */
	readonly what: string;
	readonly scenario: Scenario;
	readonly outcome: Pick<Outcome, 'seconds' | 'refused'>;
}

export const measuredPoints: readonly MeasuredPoint[] = [];
