/** The run that an item asks for, and what is known of it before it is looked for. */
import type { StartOutcome } from '../api/actionStart';
import type { ChoiceOf } from '../descriptions/choice';
import type { whenBusyOption } from '../descriptions/liveResponse';
import { CLOCK_DIFFERENCE_MS } from '../domain/actionTimes';
import type { MachineAction } from '../domain/machineAction';
import { markedComment, type Marker } from '../domain/marker';
import type { ItemInputs } from '../inputs/nodeContext';
import type { Patience } from '../inputs/patience';
import type { Connection } from '../transport/connection';
import { nodeCallOf } from './nodeCall';
import { markerFor } from './runMarker';

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
	/** The user's part; then with the marker. */
	comment: string;
	/** Empty for none. */
	idempotencyKey: string;
	whenBusy: ChoiceOf<typeof whenBusyOption>;
	patience: Patience;
}

export interface WantedRun extends RunRequest {
	context: ItemInputs;
	connection: Connection;
	marker: Marker;
	/** Of the call that asks (see `nodeCall.ts`). */
	attempt: string;
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

export async function wantedRun(
	context: ItemInputs,
	connection: Connection,
	request: RunRequest,
): Promise<WantedRun> {
	const { functions } = context;
	const marker = await markerFor(context, { ...request, request: request.kind.request });
	const isRetry = functions.getMode() === 'retry';
	const call = nodeCallOf(functions);
	const { isKnown } = await call.lineage();
	const now = connection.clock.wallTime();
	const aDayAgo = now - A_DAY_MS;
	// n8n keeps this time over retries. Executions from before it have runs of their own.
	const began = functions.getExecutionContext?.()?.establishedAt;
	const retriedSince = began === undefined ? now - RETRY_LOOK_BACK_MS : began - CLOCK_DIFFERENCE_MS;
	const hasKey = marker.key !== '';
	const isOfAnyExecution = isRetry && !isKnown;
	// A marker that names the execution, or a key, tells it whatever the clock of n8n says.
	const isTold = hasKey || !isOfAnyExecution;
	return {
		...request,
		context,
		connection,
		comment: markedComment(request.comment, marker),
		marker,
		attempt: await call.attempt(),
		isRetry,
		isOfAnyExecution,
		createdSince: Math.min(isRetry ? retriedSince : aDayAgo, isTold ? aDayAgo : Infinity),
	};
}
