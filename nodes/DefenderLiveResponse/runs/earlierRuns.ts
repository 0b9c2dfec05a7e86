/**
 * Which machine actions may be the run that an item asks for, because it was started before: by the
 * same execution, by the one that n8n retries, or under the same idempotency key.
 */
import type { StartOutcome } from '../api/actionStart';
import type { MachineAction } from '../domain/machineAction';
import { isSameRun, markerOf, type Marker } from '../domain/marker';
import type { Connection } from '../transport/connection';
import { listCreatedSince } from '../api/machineActionLists';
import { perConnection } from '../transport/perConnection';
import type { ItemInputs } from '../inputs/nodeContext';
import { isMachineId } from '../domain/identifiers';

export const BUSY_CHOICES = ['attach', 'fail', 'wait'] as const;

export type WhenBusy = (typeof BUSY_CHOICES)[number];

/** What differs from one kind of machine action to the next. */
export interface ActionKind {
	/** As lists of machine actions name it. */
	type: string;
	/** What is asked of the device; part of what tells one run from another. */
	request: unknown;
	start(connection: Connection, machineId: string, comment: string): Promise<StartOutcome>;
}

export interface RunRequest {
	kind: ActionKind;
	machineId: string;
	/** The user's part of the comment. */
	comment: string;
	marker: Marker;
	whenBusy: WhenBusy;
	/** How often and until when a busy device is waited for. */
	timing: { intervalMs: number; deadline: number };
}

export interface StartedRun {
	action: MachineAction;
	/** Somebody else's run, or one shared through the idempotency key. */
	attached: boolean;
}

/** A request, and which earlier runs may be the one it asks for. */
export interface WantedRun extends RunRequest {
	/** n8n retries a failed or crashed execution. */
	isRetry: boolean;
	/** Clock time in milliseconds; a run from before is another one. */
	createdSince: number;
}

/** Longer than n8n needs to run a stalled job again, and than an alert keeps firing. */
export const LOOK_BACK_MS = 24 * 3_600_000;
/** A failed execution may be retried after a weekend. */
const RETRY_LOOK_BACK_MS = 7 * 24 * 3_600_000;
/** The clocks of n8n and Defender may differ by this much. */
const CLOCK_DIFFERENCE_MS = 5 * 60_000;

export function wantedRun(
	{ functions }: ItemInputs,
	connection: Connection,
	request: RunRequest,
): WantedRun {
	const isRetry = functions.getMode() === 'retry';
	const now = connection.clock.wallTime();
	const aDayAgo = now - LOOK_BACK_MS;
	if (!isRetry) return { ...request, isRetry, createdSince: aDayAgo };

	// n8n keeps this time over retries. Executions from before it have runs of their own.
	const began = functions.getExecutionContext?.()?.establishedAt;
	const retriedSince = began === undefined ? now - RETRY_LOOK_BACK_MS : began - CLOCK_DIFFERENCE_MS;
	const hasKey = request.marker.key !== '';
	const createdSince = hasKey ? Math.min(retriedSince, aDayAgo) : retriedSince;
	return { ...request, isRetry, createdSince };
}

const listsOf = perConnection(() => new Map<string, Promise<MachineAction[]>>());

/** Actions from before this node run: one list for all items, however many devices. */
export async function earlierRuns(
	{ functions }: ItemInputs,
	connection: Connection,
	wanted: WantedRun,
): Promise<MachineAction[]> {
	const lists = listsOf(connection);
	const { type } = wanted.kind;
	const known = lists.get(type);
	if (known) return await known;
	const aDayAgo = connection.clock.wallTime() - LOOK_BACK_MS;
	const isOnlyItem = functions.getInputData().length === 1;
	const list = listCreatedSince(connection, {
		types: [type],
		since: Math.min(wanted.createdSince, aDayAgo),
		...(isOnlyItem ? { machineId: wanted.machineId } : {}),
	});
	lists.set(type, list);
	return await list;
}

export function isRun(action: MachineAction, wanted: WantedRun): boolean {
	const marker = markerOf(action.requestorComment);
	return (
		marker !== null &&
		sameDevice(action, wanted.machineId) &&
		Date.parse(action.creationDateTimeUtc) >= wanted.createdSince &&
		isSameRun(marker, wanted.marker, wanted.isRetry)
	);
}

const sameDevice = (action: MachineAction, machineId: string) =>
	action.machineId?.toLowerCase() === machineId.toLowerCase() || !isMachineId(machineId);

/** With an idempotency key the run may belong to another execution, or another item. */
export function isAnothers(action: MachineAction, wanted: WantedRun): boolean {
	const marker = markerOf(action.requestorComment);
	return marker === null || !isSameRun(marker, { ...wanted.marker, key: '' }, wanted.isRetry);
}

/** Narrows a list to the device, when its id is one that lists know. */
export const onDevice = ({ machineId }: WantedRun) => (isMachineId(machineId) ? { machineId } : {});
