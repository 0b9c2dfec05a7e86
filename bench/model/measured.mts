import type { Outcome, Scenario } from './simulation.mts';

/** A run of the real thing, to hold the model against. */
export interface MeasuredPoint {
	readonly what: string;
	/** What ran it. */
	readonly command: string;
	readonly scenario: Scenario;
	readonly outcome: Pick<Outcome, 'seconds' | 'refused'>;
}

export const measuredPoints: readonly MeasuredPoint[] = [];
