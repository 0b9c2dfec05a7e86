import type { Endings } from '../openFacts.mts';
import type { Durations, Lag } from '../settings.mts';
import type { StoredResult } from '../results/resultStore.mts';
import type { Device } from './device.mts';
import { isFinal, type ActionRecord, type CommandRecord } from './machineAction.mts';

/** How a command will end once it has started. */
export interface CommandOutcome {
	durationSeconds: number;
	status: 'Completed' | 'Failed';
	errors: string[];
	/** Makes the result file; called once, when the command ends. */
	makeResult: (() => StoredResult) | undefined;
}

/** What the life cycle needs to know of the tenant. */
export interface Surroundings {
	deviceOf: (machineId: string) => Device | undefined;
	/** Called once for each command, when it starts. */
	execute: (action: ActionRecord, command: CommandRecord, device: Device) => CommandOutcome;
	durations: Durations;
	lag: Lag;
	endings: Endings;
}

/** The error code (E_FAIL) that actions show when a command failed. */
const failedHResult = -2147467259;

/**
 * Moves machine actions through time: Pending until the device picks them up, the commands one after the other
 * (the first that fails ends the session, the later ones stay Created), final a while after the last command ended.
 * It is called whenever somebody looks; what happened in between is worked out then.
 */
export class LifeCycle {
	private readonly surroundings: Surroundings;
	private readonly running = new WeakMap<CommandRecord, CommandOutcome>();

	constructor(surroundings: Surroundings) {
		this.surroundings = surroundings;
	}

	/** Brings an action to where it is at `now` (emulated milliseconds). */
	settle(action: ActionRecord, now: number): void {
		if (action.status === 'Pending') this.settlePending(action, now);
		if (action.status === 'InProgress') this.settleInProgress(action, now);
	}

	private settlePending(action: ActionRecord, now: number): void {
		const { durations, endings } = this.surroundings;
		const { cancellation } = action;
		const timeOutAt = action.createdAt + durations.queueTimeout * 1000;
		const pickUpAt = this.pickUpAt(action);
		const runs = pickUpAt <= timeOutAt && (cancellation === null || endings.cancelComesLate);
		if (runs && pickUpAt < Infinity) {
			if (now < pickUpAt) return;
			action.status = 'InProgress';
			action.updatedAt = pickUpAt;
			action.pickedUpAt = pickUpAt;
		} else if (cancellation !== null) {
			if (now >= cancellation.effectiveAt) this.end(action, 'Cancelled', cancellation.effectiveAt);
		} else if (now >= timeOutAt) {
			const [first] = action.commands;
			if (first !== undefined) first.status = endings.timeOutCommand;
			this.end(action, 'TimeOut', timeOutAt);
		}
	}

	private pickUpAt(action: ActionRecord): number {
		const { durations, deviceOf } = this.surroundings;
		const device = deviceOf(action.machineId);
		if (device?.online !== true) return Infinity;
		const soonest = Math.max(action.createdAt, device.onlineSince) + durations.pickup * 1000;
		return Math.max(soonest, action.cancellation?.at ?? soonest);
	}

	private settleInProgress(action: ActionRecord, now: number): void {
		const { durations, deviceOf } = this.surroundings;
		const device = deviceOf(action.machineId);
		if (device === undefined) return;
		let startAt = action.pickedUpAt ?? action.createdAt;
		if (action.commands.length === 0) this.settleWhole(action, startAt, now);
		for (const command of action.commands) {
			if (now < startAt) return;
			const endedAt = this.settleCommand(action, command, device, { startAt, now });
			if (endedAt === undefined) return;
			const finishedAt = endedAt + durations.finish * 1000;
			if (command.status === 'Failed') {
				if (now < finishedAt) return;
				action.errorHResult = failedHResult;
				this.end(action, 'Failed', finishedAt);
				return;
			}
			if (command === action.commands.at(-1) && now >= finishedAt) {
				this.end(action, action.cancellation === null ? 'Succeeded' : 'Cancelled', finishedAt);
			}
			startAt = endedAt + durations.betweenCommands * 1000;
		}
	}

	/** One without commands, such as a scan, is done in one go. */
	private settleWhole(action: ActionRecord, startAt: number, now: number): void {
		const finishedAt = startAt + this.surroundings.durations.finish * 1000;
		if (now < finishedAt) return;
		this.end(action, action.cancellation === null ? 'Succeeded' : 'Cancelled', finishedAt);
	}

	/** Returns when the command ended, or undefined while it runs. */
	private settleCommand(
		action: ActionRecord,
		command: CommandRecord,
		device: Device,
		time: { startAt: number; now: number },
	): number | undefined {
		if (command.endedAt !== null) return command.endedAt;
		let outcome = this.running.get(command);
		if (outcome === undefined) {
			outcome = this.surroundings.execute(action, command, device);
			this.running.set(command, outcome);
			command.status = 'Executing';
			command.startedAt = time.startAt;
			action.updatedAt = time.startAt;
		}
		const endsAt = (command.startedAt ?? time.startAt) + outcome.durationSeconds * 1000;
		if (time.now < endsAt) return undefined;
		command.status = outcome.status;
		command.endedAt = endsAt;
		command.errors = outcome.errors;
		command.result = outcome.makeResult?.();
		action.updatedAt = endsAt;
		this.running.delete(command);
		return endsAt;
	}

	private end(action: ActionRecord, status: ActionRecord['status'], at: number): void {
		if (isFinal(action.status)) return;
		action.status = status;
		action.updatedAt = at;
		action.linksVisibleAt = at + this.surroundings.lag.link * 1000;
	}
}
