/** The run that an item asks for, and what is known of it before it is looked for. */
import type { StartOutcome } from '../api/actionStart';
import { isMachineId } from '../domain/identifiers';
import type { MachineAction } from '../domain/machineAction';
import { isSameRun, markerOf, type Marker } from '../domain/marker';
import type { ItemInputs } from '../inputs/nodeContext';
import type { Patience } from '../inputs/patience';
import type { Connection } from '../transport/connection';
import { nodeCallOf } from './nodeCall';

export const BUSY_CHOICES = ['attach', 'fail', 'wait'] as const;

export type WhenBusy = (typeof BUSY_CHOICES)[number];

/** What differs from one kind of machine action to the next. */
export interface ActionKind {
	/** As lists of machine actions name it. */
	type: string;
	/** What is asked of the device; part of what tells one run from another. */
	request: unknown;
	/** Application permission that starting and cancelling it take. */
	permission: string;
	/**
	 * Whether an action of this type that the device is busy with is as good as one's own. Without it, one is
	 * another's, and When Device Is Busy says what to do.
	 */
	joins?(running: MachineAction): boolean;
	start(connection: Connection, machineId: string, comment: string): Promise<StartOutcome>;
}

export interface RunRequest {
	kind: ActionKind;
	machineId: string;
	/** With the marker. */
	comment: string;
	marker: Marker;
	whenBusy: WhenBusy;
	patience: Patience;
}

export interface WantedRun extends RunRequest {
	/** n8n retries a failed or crashed execution. */
	isRetry: boolean;
	/** And lost which one that was: then any execution since `createdSince` may be it. */
	isOfAnyExecution: boolean;
	/** By the system's clock, in milliseconds; a run from before is another one. */
	createdSince: number;
}

/** Longer than n8n needs to run a stalled job again, and than an alert keeps firing. */
const A_DAY_MS = 24 * 3_600_000;
/** A failed execution may be retried after a weekend. */
const RETRY_LOOK_BACK_MS = 7 * A_DAY_MS;
/** The clocks of n8n and Defender may differ by this much. */
export const CLOCK_DIFFERENCE_MS = 5 * 60_000;

export async function wantedRun(
	{ functions }: ItemInputs,
	connection: Connection,
	request: RunRequest,
): Promise<WantedRun> {
	const isRetry = functions.getMode() === 'retry';
	const { isKnown } = await nodeCallOf(functions).lineage();
	const now = connection.clock.wallTime();
	const aDayAgo = now - A_DAY_MS;
	const found = { ...request, isRetry, isOfAnyExecution: isRetry && !isKnown };
	if (!isRetry) return { ...found, createdSince: aDayAgo };

	// n8n keeps this time over retries. Executions from before it have runs of their own.
	const began = functions.getExecutionContext?.()?.establishedAt;
	const retriedSince = began === undefined ? now - RETRY_LOOK_BACK_MS : began - CLOCK_DIFFERENCE_MS;
	const hasKey = request.marker.key !== '';
	return { ...found, createdSince: hasKey ? Math.min(retriedSince, aDayAgo) : retriedSince };
}

/** Whether an action is this very run, also when n8n started it for an earlier try. */
export function isRun(action: MachineAction, wanted: WantedRun): boolean {
	const marker = markerOf(action.requestorComment);
	return (
		marker !== null &&
		isCandidate(action, wanted) &&
		isSameRun(marker, wanted.marker, wanted.isOfAnyExecution)
	);
}

export const isCandidate = (action: MachineAction, wanted: WantedRun) =>
	isOnDevice(action, wanted.machineId) &&
	Date.parse(action.creationDateTimeUtc) >= wanted.createdSince;

const isOnDevice = (action: MachineAction, machineId: string) =>
	action.machineId?.toLowerCase() === machineId.toLowerCase() || !isMachineId(machineId);
