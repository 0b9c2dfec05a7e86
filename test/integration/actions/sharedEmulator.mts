import type { Emulator, EmulatorOptions } from '../../../emulator/emulator.mts';
import {
	prepareBinaryStore,
	removeBinaryStore,
	runNode,
	type NodeRun,
} from '../../support/engine.mts';
import { StoredCredential } from '../../support/storedCredential.mts';
import { startTestEmulator } from '../../support/testEmulator.mts';

const unlimited = {
	callsPerMinute: 10_000,
	callsPerHour: 100_000,
	runsPerMinute: 1000,
	uploadsPerMinute: 1000,
};
/** Otherwise only the first test of a file would meet a token without roles. */
const firstTokenIsWhole = { tokensWithoutRoles: 0 };
const defaultPageSize = 10_000;

/**
 * One tenant for all tests of a file, with limits that none of them reaches; what a test has asked for
 * or ordered is not left to the next.
 * @param onStart is told before the first test
 */
export function shareEmulator(
	onStart: (emulator: Emulator) => Promise<void> | void,
	options: EmulatorOptions = {},
): void {
	let emulator: Emulator;

	beforeAll(async () => {
		await prepareBinaryStore();
		emulator = await startTestEmulator({
			limits: unlimited,
			signIn: firstTokenIsWhole,
			...options,
		});
		await emulator.settled();
		await onStart(emulator);
		emulator.requests.clear();
	});

	afterAll(async () => {
		await emulator.stop();
		removeBinaryStore();
	});

	afterEach(() => {
		emulator.requests.clear();
		emulator.faults.clear();
		emulator.configure({ pageSize: defaultPageSize });
	});
}

/**
 * How a tenant is asked for so many of the newest actions, in the order of the query: where it takes
 * no `$orderby`, which the first list finds out, all of them are read.
 */
export function newestQuery({ settings }: Emulator, limit?: number): string {
	if (!settings.lists.takesOrderBy) return '$top=10000';
	return `$orderby=creationDateTimeUtc desc${limit === undefined ? '' : `&$top=${limit}`}`;
}

/** What a run is given beside the parameters. */
export type More = Partial<Omit<NodeRun, 'parameters'>>;

/** Runs an operation of the resource, signed in to the tenant unless `more` has another credential. */
export const runnerOf =
	(resource: string, emulator: () => Emulator) =>
	async (parameters: object, more: More = {}) =>
		await runNode({
			parameters: { resource, options: {}, ...parameters },
			credential: new StoredCredential(emulator().credential),
			...more,
		});
