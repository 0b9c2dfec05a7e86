import type { EmulatedClock } from '../clock.mts';
import type { Directory } from '../entra/directory.mts';
import type { Identifiers } from '../identifiers.mts';
import type { ResultStore } from '../results/resultStore.mts';
import type { Settings } from '../settings.mts';
import { executeCommand } from './commandExecution.mts';
import { Library } from './library.mts';
import { LifeCycle } from './lifeCycle.mts';
import { MachineActions } from './machineActions.mts';
import { Machines } from './machines.mts';

export interface TenantOptions {
	clock: EmulatedClock;
	identifiers: Identifiers;
	settings: Settings;
	results: ResultStore;
	directory: Directory;
}

/** Everything the Defender side knows: devices, library and machine actions. */
export class Tenant {
	readonly machines: Machines;
	readonly library: Library;
	readonly actions: MachineActions;
	readonly directory: Directory;

	constructor({ clock, identifiers, settings, results, directory }: TenantOptions) {
		this.directory = directory;
		this.library = new Library(clock);
		const machines = new Machines(clock, identifiers, () => this.actions.settle());
		this.machines = machines;
		const execution = {
			library: this.library,
			results,
			identifiers,
			durations: settings.durations,
			scripts: settings.scripts,
		};
		this.actions = new MachineActions({
			clock,
			identifiers,
			settings,
			machines,
			results,
			lifeCycle: new LifeCycle({
				deviceOf: (machineId) => machines.get(machineId),
				execute: (action, command, device) => executeCommand(execution, action, command, device),
				durations: settings.durations,
				lag: settings.lag,
				endings: settings.endings,
			}),
		});
	}

	/** A live response that somebody else starts; nothing happens where the device is unknown or busy. */
	startElsewhere(machineId: string, what: { comment?: string; scriptName?: string } = {}): void {
		const device = this.machines.get(machineId);
		this.actions.settle();
		if (device === undefined || this.actions.activeOn(machineId) !== undefined) return;
		this.actions.start({
			device,
			commands: [
				{
					type: 'RunScript',
					params: [{ key: 'ScriptName', value: what.scriptName ?? 'triage.ps1' }],
				},
			],
			comment: what.comment ?? 'Started by somebody else',
			externalId: null,
			requestor: 'analyst@contoso.example',
		});
	}
}
