import { EmulatedClock } from '../../../emulator/clock.mts';
import { Identifiers } from '../../../emulator/identifiers.mts';
import type { ResultContent, ResultStore } from '../../../emulator/results/resultStore.mts';
import { settingsFrom, type SettingsOptions } from '../../../emulator/settings.mts';
import type { CommandRequest } from '../../../emulator/tenant/machineAction.mts';
import { Tenant } from '../../../emulator/tenant/tenant.mts';

/** Keeps result files in memory, by blob name. */
class MemoryResultStore implements ResultStore {
	readonly contents = new Map<string, Buffer>();

	put(content: ResultContent, fileName: string) {
		if (typeof content === 'object' && 'path' in content) throw new Error('Not needed here.');
		const blobName = `blob-${this.contents.size}`;
		this.contents.set(blobName, Buffer.from(content));
		return { blobName, fileName, ready: Promise.resolve() };
	}

	link({ blobName }: { blobName: string }): string {
		return blobName;
	}
}

/** A tenant without HTTP, with a clock that stands still until it is set forward. */
export function createTenant(options: SettingsOptions = {}) {
	const clock = new EmulatedClock({ realNow: () => 1_800_000_000_000 });
	const results = new MemoryResultStore();
	const tenant = new Tenant({
		clock,
		identifiers: new Identifiers('test'),
		settings: settingsFrom(options),
		results,
		directory: {
			tenantId: '',
			domains: [],
			applications: [],
			resources: [],
			tokens: undefined as never,
		},
	});
	const start = (machineId: string, ...commands: CommandRequest[]) => {
		const device = tenant.machines.get(machineId);
		if (device === undefined) throw new Error('no such device');
		return tenant.actions.start({
			device,
			commands,
			comment: 'test',
			externalId: null,
			requestor: 'app',
		});
	};
	const after = (seconds: number) => {
		clock.advance(seconds);
		tenant.actions.settle();
	};
	return { tenant, clock, results, start, after };
}

export const runScript = (scriptName: string, args?: string): CommandRequest => ({
	type: 'RunScript',
	params: [
		{ key: 'ScriptName', value: scriptName },
		...(args === undefined ? [] : [{ key: 'Args', value: args }]),
	],
});
export const putFile = (fileName: string): CommandRequest => ({
	type: 'PutFile',
	params: [{ key: 'FileName', value: fileName }],
});
export const getFile = (path: string): CommandRequest => ({
	type: 'GetFile',
	params: [{ key: 'Path', value: path }],
});
