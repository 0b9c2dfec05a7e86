/**
 * The marker that the node writes into the comment of every machine action it starts. It is how a run
 * that was started is recognised after a lost answer or a crash. It is visible in the portal.
 */
import { beginningOf } from './codeUnits';

/** Which run this is. All parts are plain text without spaces; digests where they can be long. */
export interface Marker {
	/** Of n8n; empty in markers of the older form. */
	instance: string;
	workflow: string;
	/** That asked for it. */
	execution: string;
	/** What an execution shares with its retries, and a sub-workflow with those of its root. */
	lineage: string;
	/** Its id and its name. */
	node: string;
	/** Of a loop, from 0, and index of the input item. */
	round: number;
	item: number;
	/** Of device and commands. */
	fingerprint: string;
	/** Of the idempotency key; empty without one. */
	key: string;
	/** Of the campaign's key; empty for what belongs to none. */
	campaign: string;
}

const OPENING = '[n8n ';
const FIRST = /^\[n8n((?: [a-z]=[^\s\]]*)+)\]/;
/** Of the older form, behind the comment and with whole ids. */
const LAST = /\[n8n w=(\S*) e=(\S*) n=(\S*) r=(\d+) i=(\d+) f=([0-9a-f]*)(?: k=([0-9a-f]+))?\]\s*$/;

/** How long a comment may be is not documented; what it says first is what counts. */
const MOST_OF_COMMENT = 500;

/** The marker with the comment behind it. */
export function markedComment(comment: string, marker: Marker): string {
	const { execution, lineage, key, campaign } = marker;
	const parts: Array<[string, string]> = [
		['s', marker.instance],
		['w', marker.workflow],
		['e', execution],
		...(lineage === execution ? [] : [['l', lineage] as [string, string]]),
		['n', marker.node],
		['r', String(marker.round)],
		['i', String(marker.item)],
		['f', marker.fingerprint],
		...(key === '' ? [] : [['k', key] as [string, string]]),
		...(campaign === '' ? [] : [['c', campaign] as [string, string]]),
	];
	const text = `[n8n ${parts.map(([name, value]) => `${name}=${plain(value)}`).join(' ')}]`;
	const kept = beginningOf(comment, MOST_OF_COMMENT);
	return kept === '' ? text : `${text} ${kept}`;
}

const plain = (part: string) => part.replace(/[\s\]]/g, '_');

export function markerOf(comment: string | null): Marker | null {
	return markerInFront(comment ?? '') ?? markerAtEnd(comment ?? '');
}

function markerInFront(comment: string): Marker | null {
	const match = FIRST.exec(comment);
	if (!match) return null;
	const parts = new Map(
		match[1]
			.trim()
			.split(' ')
			.map((part) => [part.slice(0, 1), part.slice(2)]),
	);
	const part = (name: string) => parts.get(name) ?? '';
	if (part('s') === '' || part('f') === '') return null;
	return {
		instance: part('s'),
		workflow: part('w'),
		execution: part('e'),
		lineage: parts.get('l') ?? part('e'),
		node: part('n'),
		round: Number(part('r')),
		item: Number(part('i')),
		fingerprint: part('f'),
		key: part('k'),
		campaign: part('c'),
	};
}

function markerAtEnd(comment: string): Marker | null {
	const match = LAST.exec(comment);
	if (!match) return null;
	const [, workflow, execution, node, round, item, fingerprint, key = ''] = match;
	return {
		instance: '',
		workflow,
		execution,
		lineage: execution,
		node,
		round: Number(round),
		item: Number(item),
		fingerprint,
		key,
		campaign: '',
	};
}

/**
 * Whether an action that carries `found` was started for `own`: by the same item of the same node in
 * the same execution, also when n8n runs that again or retries it.
 * @param anyExecution n8n lost which execution it retries
 */
export function isSameRun(found: Marker, own: Marker, anyExecution = false): boolean {
	return (
		found.instance === own.instance &&
		found.workflow === own.workflow &&
		found.node === own.node &&
		found.round === own.round &&
		found.item === own.item &&
		found.fingerprint === own.fingerprint &&
		(anyExecution || found.lineage === own.lineage)
	);
}

/** What an idempotency key joins on a device, whoever started it. */
export const hasSameKey = (found: Marker, own: Marker): boolean =>
	own.key !== '' && found.key === own.key;

/** Whether the comment is that of an attempt of the campaign, whoever started it. */
export const isOfCampaign = (comment: string | null, campaign: string): boolean =>
	campaign !== '' && markerOf(comment)?.campaign === campaign;

/**
 * Whether an action that shows this comment can be the one that was started with `sent`. One without
 * a comment can.
 */
export function mayBeStartedWith(sent: string, shown: string | null): boolean {
	if (shown === null || shown.trim() === '') return true;
	const [own, found] = [markerOf(sent), markerOf(shown)];
	if (own === null || found === null) return isSentOrAltered(sent, shown);
	return (
		isSameRun(found, own) &&
		found.execution === own.execution &&
		found.key === own.key &&
		found.campaign === own.campaign
	);
}

/** No tenant is known to cut comments within the marker, or to put text around them. One's own all the same. */
const isSentOrAltered = (sent: string, shown: string): boolean =>
	shown.includes(sent) || (shown.startsWith(OPENING) && sent.startsWith(shown.trimEnd()));

/** A workflow as a marker names it. */
export interface Workflow {
	workflow: string;
	/** The n8n it belongs to. */
	instance: string;
}

/** Whether the comment is that of a run which this workflow has started. */
export function namesWorkflow(comment: string | null, { workflow, instance }: Workflow): boolean {
	const marker = markerOf(comment);
	if (marker === null || workflow === '' || marker.workflow !== workflow) return false;
	return marker.instance === '' || marker.instance === instance;
}

/** The user's part of a comment; null when there is none. */
export function commentWithoutMarker(comment: string | null): string | null {
	const given = comment ?? '';
	const marker = markerInFront(given) ? FIRST : LAST;
	const text = given.replace(marker, '').trim();
	return text === '' ? null : text;
}
