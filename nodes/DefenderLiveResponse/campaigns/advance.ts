/**
 * Advances a campaign: gives up on what no device takes up, and starts on as many devices as places
 * and limits allow. Nothing is waited for but a short while for a limit, and seconds for a claim, so that an
 * execution is over within a minute; any n8n process makes the next one.
 */
import { NodeApiError } from 'n8n-workflow';

import { cancelIfPossible } from '../api/machineActions';
import { scriptInLibrary } from '../api/scriptLibrary';
import { placesLeft, startOrder, toGiveUp, type Standing } from '../domain/campaignPlan';
import { watchdogClock } from '../limits/clock';
import { STARTS_PER_MINUTE } from '../limits/rateLimits';
import type { Connection } from '../transport/connection';
import type { ItemContext } from '../transport/itemContext';
import { isPassingStatus } from '../transport/passingStatus';
import { sideBySide } from '../transport/sideBySide';
import { standingsOf, type Look } from './look';
import { claimStarts } from './startClaims';
import { startAttempt, type Question } from './startAttempt';

export interface Pace {
	maxUnfinished: number;
	giveUpPendingMs: number;
	/** Clock time after which nothing more is begun. */
	endBy: number;
}

/** How long an answer to a start, and its turn, are waited for. */
const STARTS_END_MS = 20_000;
/** As many as the budget lets go out of them side by side. */
const STARTS_AT_ONCE = 2;
/** More places than that cannot be taken within a minute. */
const MOST_GIVEN_UP = STARTS_PER_MINUTE;

/** @returns how many attempts were started */
export async function advanceCampaign(
	context: ItemContext,
	connection: Connection,
	look: Look,
	pace: Pace,
	questionFor: (itemIndex: number) => Question,
): Promise<number> {
	const { memory, terms } = look;
	const now = connection.clock.wallTime();
	if (memory.isAdvancing || now < terms.startsAt) return 0;
	memory.isAdvancing = true;
	try {
		await giveUp(connection, look, now - pace.giveUpPendingMs);
		if (now >= terms.expiresAt) return 0;
		return await startOn(context, connection, look, pace, questionFor);
	} finally {
		memory.isAdvancing = false;
	}
}

/**
 * Cancelled, so that others have the place; the next look sees what came of it. One that cannot be
 * cancelled, such as that of a device that was offboarded, keeps no other device waiting.
 */
async function giveUp(connection: Connection, look: Look, before: number): Promise<void> {
	const waiting = toGiveUp(look.attempts, look.unfinished, before).slice(0, MOST_GIVEN_UP);
	const settled = await Promise.allSettled(
		waiting.map(
			async ({ id }) =>
				await cancelIfPossible(connection, id, 'Given up by n8n: no device picked it up in time'),
		),
	);
	for (const result of settled) {
		if (result.status === 'fulfilled') continue;
		if (connection.signal?.aborted || !isOfOneAction(result.reason)) throw result.reason;
	}
}

/** Not of the permission, the sign-in or the network, which no other action would get past. */
const isOfOneAction = (error: unknown): boolean =>
	error instanceof NodeApiError &&
	(error.httpCode === '404' || isPassingStatus(Number(error.httpCode)));

async function startOn(
	context: ItemContext,
	connection: Connection,
	look: Look,
	pace: Pace,
	questionFor: (itemIndex: number) => Question,
): Promise<number> {
	const { memory, terms } = look;
	const { clock, signal } = connection;
	const questionOf = (machineId: string) =>
		questionFor(look.itemOf.get(machineId) ?? context.itemIndex);
	if (clock.now() >= pace.endBy) return 0;
	const chosen = await claimed(context, connection, look, pace);
	for (const { device } of chosen) {
		await scriptInLibrary(connection, questionOf(device.machineId).script);
	}
	const leftMs = Math.min(STARTS_END_MS, pace.endBy - clock.now());
	if (leftMs <= 0) return 0;
	const over = new AbortController();
	const timeOver = AbortSignal.any([over.signal, ...(signal ? [signal] : [])]);
	void watchdogClock.sleep(leftMs, timeOver).then(() => over.abort());
	const end = clock.now() + leftMs;
	let started = 0;
	let isOver = false;
	let failure: Error | null = null;
	const goesOn = () => !isOver && clock.now() < end && !timeOver.aborted;
	await sideBySide(chosen, STARTS_AT_ONCE, goesOn, async ({ device }) => {
		const { machineId, actions } = device;
		const attempt = {
			campaign: terms.campaign,
			machineId,
			listed: actions.length,
			question: questionOf(machineId),
		};
		const outcome = await startAttempt(context, connection, attempt, memory, timeOver);
		switch (outcome.kind) {
			case 'started':
				started++;
				break;
			case 'unsure':
			case 'notOnDevice':
				break;
			case 'limited':
				isOver = true;
				break;
			case 'refused':
				isOver = true;
				failure ??= outcome.error;
		}
	}).finally(() => over.abort());
	if (failure && started === 0) throw failure;
	return started;
}

/** The devices to start on now: as many as there is room for, and none that another process starts on. */
async function claimed(
	{ functions }: ItemContext,
	connection: Connection,
	{ memory, terms, ...look }: Look,
	{ maxUnfinished }: Pace,
): Promise<Standing[]> {
	const now = connection.clock.wallTime();
	const standings = standingsOf({ memory, terms, ...look }, now);
	const isBusy = (machineId: string) =>
		look.unfinished.has(machineId.toLowerCase()) || memory.isBusy(machineId, now);
	const places = Math.min(placesLeft(standings, maxUnfinished), STARTS_PER_MINUTE);
	const wanted = startOrder(standings, isBusy).slice(0, places);
	const asked = wanted.filter(
		({ device }) => !memory.hasClaimed(device.machineId, device.actions.length, now),
	);
	const claims = asked.map(({ device: { machineId, actions } }) => ({
		...{ tenantId: connection.app.tenantId, campaign: terms.campaign },
		...{ machineId, listed: actions.length },
	}));
	const granted = await claimStarts(functions, connection, claims, now);
	// A claim that was not waited for may be another's.
	if (connection.signal?.aborted) return [];
	for (const [at, { device }] of asked.entries()) {
		const isGranted = granted ? granted[at] : functions.getMode() !== 'retry';
		const listed = device.actions.length;
		if (isGranted) memory.claim(device.machineId, listed, now);
		else memory.unsure(device.machineId, listed, now);
	}
	return wanted.filter(({ device }) =>
		memory.hasClaimed(device.machineId, device.actions.length, now),
	);
}
