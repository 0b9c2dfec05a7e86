/**
 * The marker the node writes into the comment of every live response it starts. It is how a run
 * that was started is recognised after a lost answer or a crash. It is visible in the portal.
 */

/** Which run this is. All parts are plain text without spaces. */
export interface Marker {
	workflow: string;
	execution: string;
	node: string;
	/** Round of a loop, and index of the input item. */
	run: number;
	item: number;
	/** Digest of device and commands. */
	fingerprint: string;
	/** Digest of the idempotency key; empty without one. */
	key: string;
}

const MARKER =
	/\[n8n w=(\S*) e=(\S*) n=(\S*) r=(\d+) i=(\d+) f=([0-9a-f]*)(?: k=([0-9a-f]+))?\]\s*$/;

/** The comment with the marker behind it. */
export function markedComment(comment: string, marker: Marker): string {
	const plain = (part: string) => part.replace(/[\s\]]/g, '_');
	const key = marker.key === '' ? '' : ` k=${marker.key}`;
	const text = `[n8n w=${plain(marker.workflow)} e=${plain(marker.execution)} n=${plain(marker.node)} r=${marker.run} i=${marker.item} f=${marker.fingerprint}${key}]`;
	return comment === '' ? text : `${comment} ${text}`;
}

export function markerOf(comment: string | null): Marker | null {
	const match = MARKER.exec(comment ?? '');
	if (!match) return null;
	return {
		workflow: match[1],
		execution: match[2],
		node: match[3],
		run: Number(match[4]),
		item: Number(match[5]),
		fingerprint: match[6],
		key: match[7] ?? '',
	};
}

/**
 * Whether a live response that carries `found` is the run that `own` is about to start. The same
 * execution may run again (a stalled queue job); a retry of a failed or crashed execution has
 * another id; an idempotency key joins runs of the same device whoever started them.
 */
export function isSameRun(found: Marker, own: Marker, isRetry: boolean): boolean {
	if (own.key !== '') return found.key === own.key;
	return (
		found.workflow === own.workflow &&
		found.node === own.node &&
		found.run === own.run &&
		found.item === own.item &&
		found.fingerprint === own.fingerprint &&
		(isRetry || found.execution === own.execution)
	);
}

/** A workflow as a marker names it. */
export interface Workflow {
	workflow: string;
	/** The n8n it belongs to. */
	instance: string;
}

/** Whether the comment is that of a run which this workflow has started. */
export function namesWorkflow(comment: string | null, { workflow }: Workflow): boolean {
	const marker = markerOf(comment);
	return marker !== null && workflow !== '' && marker.workflow === workflow;
}

/** The user's part of a comment; null when there is none. */
export function commentWithoutMarker(comment: string | null): string | null {
	const text = (comment ?? '').replace(MARKER, '').trim();
	return text === '' ? null : text;
}
