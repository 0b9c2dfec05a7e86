/** A tenant in which live responses are started, for the tests of the trigger. */
import { contosoMachineId, type Emulator, type EmulatorOptions } from '../../emulator/emulator.mts';
import type { Settings } from '../../emulator/settings.mts';
import { systemClock } from '../support/instantClock.mts';
import { TriggerOnEngine, type TriggerSetUp } from '../support/triggerOnEngine.mts';
import { StoredCredential } from '../support/storedCredential.mts';
import { startTestEmulator } from '../support/testEmulator.mts';

export const FINANCE = 'pc-fin-014.contoso.example';
/** Is offline until it is changed. */
export const TRAVEL = 'pc-fin-015.contoso.example';
export const SERVER = 'srv-dc-01.contoso.example';

export const DAY_SECONDS = 24 * 3600;
/** Longer than any script of these tests takes. */
const UNTIL_ENDED_SECONDS = 60;

type Commands = Array<{ type: 'PutFile' | 'RunScript' | 'GetFile'; [key: string]: string }>;

const KEYS = { PutFile: 'FileName', RunScript: 'ScriptName', GetFile: 'Path' } as const;

export class TriggerTenant {
	private readonly usual: Settings;

	private constructor(readonly emulator: Emulator) {
		this.usual = structuredClone(emulator.settings);
	}

	static async open(options: EmulatorOptions = {}): Promise<TriggerTenant> {
		const emulator = await startTestEmulator({
			...options,
			limits: {
				callsPerMinute: 10_000,
				callsPerHour: 1_000_000,
				sessions: 10_000,
				...options.limits,
			},
			durations: { queueTimeout: 30 * DAY_SECONDS },
			// Otherwise only the first test of a file would meet a token without roles.
			signIn: { tokensWithoutRoles: 0 },
		});
		await emulator.settled();
		return new TriggerTenant(emulator);
	}

	/** Starts a live response as somebody would; a script by its name. Returns its id. */
	start(
		what: string | Commands = 'triage.ps1',
		on = FINANCE,
		by: { requestor?: string; comment?: string } = {},
	): string {
		const commands: Commands =
			typeof what === 'string' ? [{ type: 'RunScript', value: what }] : what;
		const { actions, machines } = this.emulator.tenant;
		return actions.start({
			device: machines.get(contosoMachineId(on))!,
			commands: commands.map(({ type, value }) => ({
				type,
				params: [{ key: KEYS[type], value }],
			})),
			comment: by.comment ?? 'Triage',
			externalId: null,
			requestor: by.requestor ?? 'analyst@contoso.example',
		}).id;
	}

	/**
	 * Lets time pass, for n8n too, until every device that is online is done, and its results are
	 * stored.
	 */
	async end(seconds = UNTIL_ENDED_SECONDS): Promise<void> {
		this.emulator.advance(seconds);
		await systemClock.sleep(Math.max(0, this.emulator.clock.now() - systemClock.now()));
		this.emulator.tenant.actions.settle();
		await this.emulator.settled();
	}

	/** Starts one and lets it end. */
	async run(...given: Parameters<TriggerTenant['start']>): Promise<string> {
		const id = this.start(...given);
		await this.end();
		return id;
	}

	/** When it ended as the API says it, in milliseconds since 1970. */
	endOf(id: string): number {
		return this.emulator.tenant.actions.get(id)!.updatedAt;
	}

	setOnline(name: string, online: boolean): void {
		this.emulator.tenant.machines.change(contosoMachineId(name), { online });
	}

	trigger(set: Partial<TriggerSetUp> = {}): TriggerOnEngine {
		return new TriggerOnEngine(this.setUp(set));
	}

	setUp(set: Partial<TriggerSetUp> = {}): TriggerSetUp {
		return { credential: new StoredCredential(this.emulator.credential), ...set };
	}

	/**
	 * How it is asked for so many of the newest actions: where it takes no `$orderby`, which the first
	 * list finds out, all of them are read.
	 */
	newestQuery(limit?: number): string {
		if (!this.usual.lists.takesOrderBy) return '$top=10000';
		return `$orderby=creationDateTimeUtc desc${limit === undefined ? '' : `&$top=${limit}`}`;
	}

	/** Method and url of every API call since the last time this was asked, as a person reads it. */
	calls(): string[] {
		const calls = this.emulator.requests
			.matching(/./)
			.map(({ method, url }) => `${method} ${decodeURIComponent(url.replaceAll('+', ' '))}`);
		this.emulator.requests.clear();
		return calls;
	}

	/** A cloud in order, and nothing under way. */
	async reset(): Promise<void> {
		this.emulator.faults.clear();
		this.emulator.configure({ pageSize: this.usual.pageSize, lag: this.usual.lag });
		this.setOnline(TRAVEL, true);
		await this.end(3600);
		this.setOnline(TRAVEL, false);
		this.emulator.requests.clear();
	}
}

/** Ids of the machine actions among items, in their order, each once. */
export const idsOf = (result: { items: Array<{ json: object }> | null }): string[] => [
	...new Set((result.items ?? []).map(({ json }) => String(Reflect.get(json, 'machineActionId')))),
];
