import type { EmulatedClock } from '../clock.mts';
import type { Identifiers } from '../identifiers.mts';
import type { ResultStore } from '../results/resultStore.mts';
import type { Settings } from '../settings.mts';
import type { Device } from './device.mts';
import type { LifeCycle } from './lifeCycle.mts';
import { isFinal, type ActionRecord, type CommandRequest } from './machineAction.mts';
import type { Machines } from './machines.mts';
import { pastAction, type ActionOptions } from './pastAction.mts';

export interface NewAction {
	/** Default LiveResponse. */
	type?: string;
	scope?: string;
	relatedFileInfo?: ActionRecord['relatedFileInfo'];
	device: Device;
	commands: CommandRequest[];
	comment: string;
	externalId: string | null;
	requestor: string;
}

const LIVE_RESPONSE = 'LiveResponse';

interface Dependencies {
	clock: EmulatedClock;
	identifiers: Identifiers;
	settings: Settings;
	machines: Machines;
	results: ResultStore;
	lifeCycle: LifeCycle;
}

/** The machine actions of the tenant: those that run, and the history. */
export class MachineActions {
	private readonly dependencies: Dependencies;
	private readonly records = new Map<string, ActionRecord>();
	private readonly active = new Set<ActionRecord>();
	/** Added as Pending or InProgress: they keep a device busy but do not move on. */
	private readonly standing = new Set<ActionRecord>();

	constructor(dependencies: Dependencies) {
		this.dependencies = dependencies;
	}

	/** Brings every running action up to date. */
	settle(): void {
		const now = this.dependencies.clock.now();
		for (const action of this.active) {
			this.dependencies.lifeCycle.settle(action, now);
			if (isFinal(action.status)) this.active.delete(action);
		}
	}

	get(id: string): ActionRecord | undefined {
		return this.records.get(id.toLowerCase());
	}

	/** Newest first. */
	get all(): ActionRecord[] {
		return [...this.records.values()].sort((a, b) => b.createdAt - a.createdAt);
	}

	/** The action that keeps a device busy for others of its type. */
	activeOn(machineId: string, type = LIVE_RESPONSE): ActionRecord | undefined {
		return this.unfinishedOn(machineId, type)[0];
	}

	private unfinishedOn(machineId: string, wanted: string): ActionRecord[] {
		return this.unfinished(wanted).filter((action) => action.machineId === machineId);
	}

	private unfinished(wanted: string): ActionRecord[] {
		return [...this.active, ...this.standing].filter(({ type }) => type === wanted);
	}

	/** Live responses whose device is there; the others wait in the queue, which may take a session as well. */
	get openSessions(): number {
		const { machines, settings } = this.dependencies;
		if (settings.throttling.pendingTakesSession) return this.unfinished(LIVE_RESPONSE).length;
		let count = 0;
		for (const action of this.active) {
			if (action.type !== LIVE_RESPONSE) continue;
			if (action.status === 'InProgress' || machines.get(action.machineId)?.online) count += 1;
		}
		return count;
	}

	start(request: NewAction): ActionRecord {
		const { clock, identifiers, settings } = this.dependencies;
		const now = clock.now();
		const { machine } = request.device;
		const action: ActionRecord = {
			id: identifiers.guid(),
			type: request.type ?? LIVE_RESPONSE,
			scope: request.scope ?? null,
			requestor: request.requestor,
			requestorComment: request.comment,
			status: 'Pending',
			machineId: machine.id,
			computerDnsName: machine.computerDnsName,
			createdAt: now,
			updatedAt: now,
			cancellation: null,
			errorHResult: 0,
			externalId: request.externalId,
			requestSource: 'PublicApi',
			relatedFileInfo: request.relatedFileInfo ?? null,
			commands: request.commands.map((command) => ({
				request: command,
				status: 'Created',
				startedAt: null,
				endedAt: null,
				errors: [],
				result: undefined,
			})),
			pickedUpAt: null,
			visibleAt: now + settings.lag.action * 1000,
			listedAt: now + Math.max(settings.lag.action, settings.lag.list) * 1000,
			linksVisibleAt: 0,
		};
		this.records.set(action.id, action);
		this.active.add(action);
		return action;
	}

	/** Asks for the end of an action that waits; the status follows a little later. */
	cancel(action: ActionRecord, requestor: string, comment: string): void {
		const { clock, settings } = this.dependencies;
		const at = clock.now();
		const effectiveAt = at + settings.durations.cancel * 1000;
		const others = settings.endings.cancelTakesAll
			? this.unfinishedOn(action.machineId, action.type)
			: [];
		for (const entry of new Set([action, ...others])) {
			// One that was added as InProgress has nothing that would move it on.
			if (this.standing.has(entry) && entry.status === 'InProgress') continue;
			entry.cancellation ??= { requestor, comment, at, effectiveAt };
			entry.updatedAt = at;
			this.standing.delete(entry);
			this.active.add(entry);
		}
	}

	/** Adds an action as history, or one that stays Pending or InProgress for ever. Returns its id. */
	add(options: ActionOptions = {}): string {
		const { clock, identifiers, machines, results } = this.dependencies;
		const device =
			options.machineId === undefined ? machines.all[0] : machines.get(options.machineId);
		const action = pastAction(options, { now: clock.now(), identifiers, device, results });
		this.records.set(action.id, action);
		if (!isFinal(action.status)) this.standing.add(action);
		return action.id;
	}
}
