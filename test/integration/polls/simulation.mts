/** A tenant and a trigger over hundreds of polls, on a clock of their own. */
import type { INodeExecutionData } from 'n8n-workflow';

import type { Settings } from '../../../emulator/settings.mts';
import { systemClock } from '../../support/instantClock.mts';
import { StoredCredential } from '../../support/storedCredential.mts';
import type { TriggerOnEngine } from '../../support/triggerOnEngine.mts';
import { FINANCE, idsOf, SERVER, TRAVEL, type TriggerTenant } from '../triggerTenant.mts';

export interface Load {
	name: string;
	intervalSeconds: number;
	/** Live responses in an interval without a burst. */
	usual: number;
}

export interface Extent {
	polls: number;
	/** After so many polls comes an interval in which so many scripts are started at once. */
	burstEvery: number;
	burst: number;
}

const RESTART_EVERY = 37;
const FAILURE_EVERY = 53;
/** A device is away for so many polls, and then back for as many. */
const AWAY = 15;
/** Until the last one has been delivered after the last start. */
const MOST_MORE_POLLS = 100;
const SLICES = 4;

export const LOADS: Load[] = [
	{ name: 'a minute', intervalSeconds: 60, usual: 2 },
	{ name: '5 minutes', intervalSeconds: 300, usual: 4 },
	{ name: '15 minutes', intervalSeconds: 900, usual: 8 },
	{ name: 'an hour', intervalSeconds: 3600, usual: 16 },
	{ name: '6 hours', intervalSeconds: 6 * 3600, usual: 20 },
	{ name: 'a day', intervalSeconds: 24 * 3600, usual: 24 },
];

export interface Outcome {
	started: number;
	lost: number;
	twice: number;
	/** Delivered after one that ended later, by more than a list may lag. */
	outOfOrder: number;
	mostInAPoll: number;
	/** Polls from the one that could have had it to the one that did. */
	mostPollsLate: number;
	mostStoredBytes: number;
	/** Lists and look-ups; links come on top. */
	listsAPoll: number;
}

export class PollSimulation {
	private readonly started: string[] = [];
	private readonly delivered: Array<{ id: string; poll: number }> = [];
	private polls = 0;
	private mostStoredBytes = 0;
	private mostInAPoll = 0;
	private lists = 0;
	/** When each poll began. */
	private readonly times: number[] = [];

	constructor(
		private readonly tenant: TriggerTenant,
		private readonly load: Load,
		private readonly extent: Extent,
	) {}

	async run(): Promise<Outcome> {
		const { emulator } = this.tenant;
		const trigger = this.tenant.trigger({ credential: new StoredCredential(emulator.credential) });
		await trigger.activate();
		for (let round = 1; round <= this.extent.polls; round++) await this.round(trigger, round);
		this.tenant.setOnline(TRAVEL, true);
		for (let more = 0; more < MOST_MORE_POLLS && !this.isDone(); more++) {
			await this.pass(this.load.intervalSeconds);
			await this.poll(trigger, 'poll');
		}
		return this.outcome();
	}

	private async round(trigger: TriggerOnEngine, round: number): Promise<void> {
		this.tenant.setOnline(TRAVEL, Math.floor(round / AWAY) % 2 === 1);
		for (let slice = 0; slice < SLICES; slice++) {
			for (let at = slice; at < this.load.usual; at += SLICES) {
				const [device, what] = USUAL[(round + at) % USUAL.length];
				this.started.push(this.tenant.start(what, device));
			}
			if (slice === SLICES - 1 && round % this.extent.burstEvery === 0) {
				for (let at = 0; at < this.extent.burst; at++) {
					this.started.push(this.tenant.start('hello.sh', SERVER));
				}
			}
			await this.pass(this.load.intervalSeconds / SLICES);
		}
		if (round % FAILURE_EVERY === 0) await this.poll(trigger, 'failing');
		else await this.poll(trigger, round % RESTART_EVERY === 0 ? 'restart' : 'poll');
	}

	private async pass(seconds: number): Promise<void> {
		await systemClock.sleep(seconds * 1000);
		this.tenant.emulator.tenant.actions.settle();
		await this.tenant.emulator.settled();
	}

	private async poll(trigger: TriggerOnEngine, how: 'poll' | 'restart' | 'failing') {
		const { faults, requests } = this.tenant.emulator;
		this.times.push(this.tenant.emulator.clock.now());
		requests.clear();
		if (how === 'failing') faults.order({ kind: 'serverError', count: Infinity });
		const { items } = await (how === 'restart' ? trigger.restart() : trigger.poll());
		faults.clear();
		this.lists += requests.matching(/^GET \/api\/machineactions\?/).length;
		const ids = idsOf({ items: items as INodeExecutionData[] | null });
		this.delivered.push(...ids.map((id) => ({ id, poll: this.polls })));
		this.polls++;
		this.mostInAPoll = Math.max(this.mostInAPoll, ids.length);
		this.mostStoredBytes = Math.max(this.mostStoredBytes, trigger.storedText().length);
	}

	private isDone(): boolean {
		return new Set(this.delivered.map(({ id }) => id)).size >= this.started.length;
	}

	private outcome(): Outcome {
		const ids = this.delivered.map(({ id }) => id);
		const distinct = new Set(ids);
		const { lag } = this.tenant.emulator.settings as Settings;
		const lagMs = Math.max(lag.action, lag.list) * 1000;
		let latest = -Infinity;
		let outOfOrder = 0;
		let mostPollsLate = 0;
		for (const { id, poll } of this.delivered) {
			const ended = this.tenant.endOf(id);
			if (ended < latest - lagMs) outOfOrder++;
			latest = Math.max(latest, ended);
			const first = this.times.findIndex((time) => time >= ended + lagMs);
			mostPollsLate = Math.max(mostPollsLate, poll - first);
		}
		return {
			started: this.started.length,
			lost: this.started.filter((id) => !distinct.has(id)).length,
			twice: ids.length - distinct.size,
			outOfOrder,
			mostInAPoll: this.mostInAPoll,
			mostPollsLate,
			mostStoredBytes: this.mostStoredBytes,
			listsAPoll: this.lists / this.polls,
		};
	}
}

/** Whatever needs no result costs no call but the list. */
const PUT_FILE: Parameters<TriggerTenant['start']>[0] = [{ type: 'PutFile', value: 'tool.exe' }];

const USUAL: Array<[device: string, what: Parameters<TriggerTenant['start']>[0]]> = [
	[FINANCE, PUT_FILE],
	[SERVER, 'hello.sh'],
	[TRAVEL, PUT_FILE],
	[FINANCE, PUT_FILE],
	[TRAVEL, PUT_FILE],
];
