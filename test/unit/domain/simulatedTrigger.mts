/** A tenant and an n8n of numbers, for checking what a trigger does over days. */
import { UNFILTERED } from '../../../nodes/DefenderLiveResponse/domain/actionFilter';
import {
	endedSince,
	remember,
	toLookUp,
	type Memory,
} from '../../../nodes/DefenderLiveResponse/domain/pollMemory';
import { sinceOf } from '../../../nodes/DefenderLiveResponse/domain/pollWindow';
import {
	isFinished,
	type MachineAction,
} from '../../../nodes/DefenderLiveResponse/domain/machineAction';

/** Times in milliseconds, `createdAt` relative to the start of the tenant. */
export interface Life {
	createdAt: number;
	/** Until lists and look-ups know of it. */
	listedAfter: number;
	lasts: number;
	/** How much later its end shows. */
	shownLate: number;
}

export class SimulatedTenant {
	private readonly lives: Array<Life & { id: string }>;
	private answers = 0;

	/** Some answers, in a turn of their own, come from a copy of the service that lags. */
	constructor(
		start: number,
		lives: Life[],
		private readonly copy: { lag: number; answers: boolean[] } = { lag: 0, answers: [false] },
	) {
		this.lives = lives.map((life, index) => ({
			...life,
			id: `action-${index}`,
			createdAt: start + life.createdAt,
		}));
	}

	/** The list, newest first, as it is at this time. */
	list(time: number, condition: (action: MachineAction) => boolean): MachineAction[] {
		const isCopy = this.copy.answers[this.answers++ % this.copy.answers.length];
		return this.at(isCopy ? time - this.copy.lag : time, condition);
	}

	private at(now: number, condition: (action: MachineAction) => boolean): MachineAction[] {
		return this.lives
			.filter((life) => now >= life.createdAt + life.listedAfter)
			.map((life) => shown(life, now))
			.filter(condition)
			.sort((a, b) => Date.parse(b.creationDateTimeUtc) - Date.parse(a.creationDateTimeUtc));
	}

	/** Those whose end shows after this time. */
	endedAfter(time: number): string[] {
		return this.lives.filter((life) => endShows(life) > time).map(({ id }) => id);
	}

	/** Whether every answer at this time lists it as ended. */
	wasHistory(id: string, time: number): boolean {
		return this.at(time - this.copy.lag, isFinished).some((action) => action.id === id);
	}
}

const endShows = (life: Life) => life.createdAt + life.lasts + life.shownLate;

function shown(life: Life & { id: string }, now: number): MachineAction {
	const hasEnded = now >= endShows(life);
	const apiTime = (time: number) => new Date(time).toISOString();
	return {
		id: life.id,
		type: 'LiveResponse',
		status: hasEnded ? 'Succeeded' : 'InProgress',
		requestor: null,
		requestorComment: null,
		machineId: null,
		computerDnsName: null,
		creationDateTimeUtc: apiTime(life.createdAt),
		lastUpdateDateTimeUtc: apiTime(hasEnded ? life.createdAt + life.lasts : life.createdAt),
		cancellationRequestor: null,
		cancellationComment: null,
		cancellationDateTimeUtc: null,
		errorHResult: 0,
		commands: [],
		sent: {},
	};
}

/** Polls as trigger/poll does, and stores as n8n does. */
export class SimulatedTrigger {
	readonly fired: string[] = [];
	private memory: Memory | null = null;
	private stored: Memory | null = null;

	constructor(
		private readonly tenant: SimulatedTenant,
		/** n8n stores every poll with durable cursors, else those with items and at activation. */
		private readonly n8n: { clockIsWrongBy: number; storesEveryPoll: boolean },
	) {}

	activate(time: number): void {
		this.memory = this.stored;
		this.poll(time, Infinity);
		this.stored = this.memory;
	}

	step(
		event: 'poll' | 'failingPoll' | 'crash' | 'reactivate',
		time: number,
		mostDelivered: number,
	): void {
		switch (event) {
			case 'poll':
				this.poll(time, mostDelivered);
				break;
			case 'failingPoll':
				break;
			case 'crash':
			case 'reactivate':
				this.activate(time);
				break;
		}
	}

	firedTwice(): string[] {
		return this.fired.filter((id, at) => this.fired.indexOf(id) !== at);
	}

	private poll(time: number, mostDelivered: number): void {
		const now = time + this.n8n.clockIsWrongBy;
		const memory = this.memory;
		const since = memory ? memory.since : this.firstSince(time, now);
		const listed = this.tenant.list(
			time,
			(action) =>
				since === null || Date.parse(action.creationDateTimeUtc) >= since || !isFinished(action),
		);
		const asked = memory ? toLookUp(memory, listed).map(({ id }) => id) : [];
		const found = this.tenant.list(time, ({ id }) => asked.includes(id));
		const seen = [...listed, ...found];
		const ended = endedSince(memory, seen, { filter: UNFILTERED, device: '' });
		const delivered = ended.slice(0, mostDelivered);
		const postponed = ended.slice(mostDelivered === Infinity ? ended.length : mostDelivered);
		this.memory = remember(memory, {
			now,
			tenantId: 'contoso',
			workflowId: 'workflow-1',
			filter: UNFILTERED,
			device: '',
			since,
			seen,
			missing: asked.filter((id) => !found.some((action) => action.id === id)),
			postponed: new Map(postponed.map(({ id }) => [id, { attempted: true }])),
		}).memory;
		this.fired.push(...delivered.map(({ id }) => id));
		if (delivered.length > 0 || this.n8n.storesEveryPoll) this.stored = this.memory;
	}

	private firstSince(time: number, now: number): number | null {
		const all = this.tenant.list(time, () => true);
		return sinceOf(
			null,
			all.map(({ creationDateTimeUtc }) => Date.parse(creationDateTimeUtc)),
			now,
		);
	}
}
