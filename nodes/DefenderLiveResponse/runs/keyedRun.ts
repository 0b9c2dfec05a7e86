/** What an idempotency key makes of the runs that carry it on a device. */
import { actionState, commandState, type MachineAction } from '../domain/machineAction';
import { hasSameKey, markerOf, type Marker } from '../domain/marker';

export type KeyedRun =
	| { kind: 'shared'; action: MachineAction }
	/** It has other commands, and goes on or has succeeded. */
	| { kind: 'reused'; action: MachineAction }
	| { kind: 'none' };

/** @param actions of the device within a day, newest first */
export function keyedRunAmong(actions: readonly MachineAction[], own: Marker): KeyedRun {
	let reused: MachineAction | undefined;
	for (const action of actions) {
		const marker = markerOf(action.requestorComment);
		if (!marker || !hasSameKey(marker, own)) continue;
		const run = keyedRun(action, marker.fingerprint === own.fingerprint);
		if (run.kind === 'shared') return run;
		if (run.kind === 'reused') reused ??= action;
	}
	return reused ? { kind: 'reused', action: reused } : { kind: 'none' };
}

/**
 * The same commands are one run unless it ended without having begun, or failed. Other commands are
 * in the way only of a run that goes on, or has done what it was for.
 */
export function keyedRun(action: MachineAction, hasSameCommands: boolean): KeyedRun {
	const state = actionState(action.status);
	switch (state) {
		case 'running':
		case 'succeeded':
			return { kind: hasSameCommands ? 'shared' : 'reused', action };
		case 'cancelled':
		case 'timedOut':
			return hasSameCommands && mayHaveBegun(action)
				? { kind: 'shared', action }
				: { kind: 'none' };
		case 'failed':
			return { kind: 'none' };
	}
}

const mayHaveBegun = (action: MachineAction) =>
	action.commands.some((command) => commandState(action, command) !== 'notRun');
