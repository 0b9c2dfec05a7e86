/** A campaign over simulated days: advanced every minute, by an n8n that restarts, in a tenant that is full at times. */
import { setImmediate } from 'node:timers/promises';

import type { ProfileName } from '../../emulator/profiles.mts';
import { VirtualClock } from '../../test/support/virtualClock.mts';
import { CampaignNode, type AdvanceOptions } from './campaignNode.mts';
import { CampaignTenant, scriptName } from './campaignTenant.mts';

export interface Extent {
	readonly devices: number;
	readonly hours: number;
	readonly profile: ProfileName;
	readonly options?: AdvanceOptions;
}

export interface Outcome {
	readonly devices: number;
	readonly answered: number;
	/** Devices on which the script has run more than once. */
	readonly twice: number;
	/** Online for hours after a report, and not answered. */
	readonly missed: number;
	readonly advances: number;
	readonly starts: number;
	/** Of attempts that no device took up. */
	readonly cancels: number;
	readonly calls: number;
	readonly refused: number;
	/** Minutes in which a device waited for its turn, and those of them in which no more could be started. */
	readonly waitingMinutes: number;
	readonly boundMinutes: number;
	/** Devices answered after each hour. */
	readonly byHour: readonly number[];
	readonly lives: readonly Life[];
}

/** Of an n8n process. */
export interface Life {
	readonly hours: number;
	/** Of heap, given back at its end: the node's code, and what it has kept. */
	readonly heldBytes: number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** n8n lives for an hour, for six, for a day, and to the end. */
const restartsAfter = [1, 7, 31].map((hours) => hours * 60);
/** Analysts use up all sessions in one hour of twelve. */
const fullEveryHours = 12;
/** A device that has reported is asked within this time where it stays online. */
const longEnoughMs = 4 * hourMs;

export async function simulateCampaign({
	devices,
	hours,
	profile,
	options = {},
}: Extent): Promise<Outcome> {
	const clock = new VirtualClock();
	const startsAt = Date.now();
	const now = () => startsAt + clock.now();
	const tenant = await CampaignTenant.create(devices, { now, random: seeded(), profile });
	const node = new CampaignNode(tenant, clock, startsAt, options);
	const half = Math.floor((options.maxUnfinished ?? 20) / 2);
	const byHour: number[] = [];
	const lives: Life[] = [];
	let bornAt = 0;
	const restart = (minute: number) => {
		lives.push({ hours: (minute - bornAt) / 60, heldBytes: node.restart() });
		bornAt = minute;
	};
	let [waitingMinutes, boundMinutes, advances] = [0, 0, 0];
	for (let minute = 0; minute < hours * 60; minute++) {
		await clock.advance(Math.max(0, minute * minuteMs - clock.now()));
		tenant.moveOn();
		const isFull = Math.floor(minute / 60) % fullEveryHours === fullEveryHours - 1;
		tenant.settings.limits.sessions = isFull ? 0 : 50;
		if (restartsAfter.includes(minute)) restart(minute);
		const { queued, pending, running, startedNow } = await ended(node.advance(), clock);
		advances++;
		const isBound = startedNow >= 10 || pending >= half || pending + running >= 2 * half || isFull;
		if (queued > 0) waitingMinutes++;
		if (queued > 0 && isBound) boundMinutes++;
		if (minute % 60 === 59) byHour.push(answeredIn(tenant));
	}
	restart(hours * 60);
	await clock.advance(hourMs);
	return {
		devices: tenant.devices.length,
		answered: answeredIn(tenant),
		twice: runsIn(tenant).filter((runs) => runs > 1).length,
		missed: missedIn(tenant, startsAt, startsAt + hours * hourMs),
		advances,
		starts: tenant.tenant.actions.all.length,
		cancels: tenant.tenant.actions.all.filter(({ cancellation }) => cancellation !== null).length,
		calls: tenant.calls,
		refused: tenant.refused,
		...{ waitingMinutes, boundMinutes, byHour, lives },
	};
}

/** Lets time pass in small steps until the work is done. */
async function ended<Result>(work: Promise<Result>, clock: VirtualClock): Promise<Result> {
	let isDone = false;
	const done = () => {
		isDone = true;
	};
	work.then(done, done);
	for (let step = 0; step < mostSteps; step++) {
		await setImmediate();
		if (isDone) return await work;
		await clock.advance(stepMs);
	}
	throw new Error('An advance does not come to its end');
}

const stepMs = 50;
const mostSteps = 10 * (minuteMs / stepMs);

const runsIn = ({ tenant, devices }: CampaignTenant): number[] =>
	devices.map(({ machineId }) => tenant.machines.runsOf(machineId, scriptName));

const answeredIn = (tenant: CampaignTenant): number =>
	runsIn(tenant).filter((runs) => runs > 0).length;

/** Online at a report and for long enough after it, and the script has not run there. */
function missedIn({ tenant, devices }: CampaignTenant, from: number, to: number): number {
	return devices.filter(({ machineId, spans }) => {
		if (tenant.machines.runsOf(machineId, scriptName) > 0) return false;
		const lastSeen = Date.parse(tenant.machines.get(machineId)?.machine.lastSeen ?? '');
		const day = 24 * hourMs;
		const reports = [0, 1, 2, 3].map((days) => lastSeen - days * day);
		return reports.some(
			(report) =>
				report >= from &&
				report + longEnoughMs <= to &&
				spans.some(([begin, end]) => begin <= report && report + longEnoughMs <= end),
		);
	}).length;
}

/** Numbers from 0 to 1 that are the same in every run (Park and Miller). */
function seeded(): () => number {
	let state = 4711;
	return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}
