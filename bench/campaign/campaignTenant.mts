/** A Defender tenant for simulated days: the emulator's own API, called without HTTP. */
import { EmulatedClock, toApiTime } from '../../emulator/clock.mts';
import { DefenderApi } from '../../emulator/defender/api.mts';
import { AccessTokens } from '../../emulator/entra/accessTokens.mts';
import { allRoles, Application } from '../../emulator/entra/application.mts';
import { Identifiers } from '../../emulator/identifiers.mts';
import { settingsFrom, type Settings } from '../../emulator/settings.mts';
import type { ProfileName } from '../../emulator/profiles.mts';
import { Tenant } from '../../emulator/tenant/tenant.mts';
import { ShownActions } from './shownActions.mts';

export const tag = 'Sweep';
export const scriptName = 'sweep.ps1';
const audience = 'https://api.securitycenter.microsoft.com';
const apiUrl = 'https://api.securitycenter.microsoft.com/api';
const hourMs = 3_600_000;

/** What n8n's request helper is given, as far as it is used. */
export interface ApiRequest {
	method?: string;
	url: string;
	qs?: Record<string, string>;
	body?: unknown;
}

interface Presence {
	machineId: string;
	changesAt: number;
	isOnline: boolean;
	/** When it is online, from and to. */
	readonly spans: Array<[from: number, to: number]>;
}

/** On average: a third of all devices is away at any time. */
const onlineHours = 16;
const awayHours = 8;
const reimagedShare = 0.02;

/** Defender's lists were seen to lack a new machine action for so long, in seconds. */
const listLag = 120;

export class CampaignTenant {
	readonly tenant: Tenant;
	readonly settings: Settings;
	readonly devices: Presence[] = [];
	calls = 0;
	refused = 0;
	readonly #api: DefenderApi;
	readonly #token: string;
	readonly #now: () => number;
	readonly #random: () => number;
	readonly #listsAreWhole: boolean;
	readonly #actions = new ShownActions();

	private constructor(
		now: () => number,
		random: () => number,
		tokens: AccessTokens,
		profile: ProfileName,
	) {
		const settings = settingsFrom({ profile, lag: { action: listLag, list: listLag } });
		const clock = new EmulatedClock({ realNow: now });
		const identifiers = new Identifiers('campaign');
		const application = new Application({
			clientId: identifiers.guid(),
			objectId: identifiers.guid(),
			displayName: 'n8n Live Response',
			roles: allRoles,
		});
		const results = {
			put: () => ({ blobName: '', fileName: '', ready: Promise.resolve() }),
			link: () => '',
		};
		const directory = {
			tenantId: 'tenant',
			domains: [],
			applications: [application],
			resources: [audience],
			tokens,
		};
		this.#now = now;
		this.#random = random;
		this.#listsAreWhole = profile === 'plain';
		this.settings = settings;
		this.tenant = new Tenant({ clock, identifiers, settings, results, directory });
		this.tenant.library.add({ fileName: scriptName, behaviour: { durationSeconds: 20 } });
		this.#api = new DefenderApi(
			{ tenant: this.tenant, settings, clock, results, apiUrl: () => apiUrl },
			[audience],
		);
		this.#token = tokens.issue({ application, audience, lifetimeSeconds: 1e8 });
	}

	/** @param now milliseconds since 1970 @param random from 0 to 1, the same in every run */
	static async create(
		devices: number,
		{ now, random, profile }: { now: () => number; random: () => number; profile: ProfileName },
	): Promise<CampaignTenant> {
		const tokens = await AccessTokens.create('tenant', now);
		const made = new CampaignTenant(now, random, tokens, profile);
		for (let at = 0; at < devices; at++) made.#add(at);
		return made;
	}

	#add(at: number) {
		const now = this.#now();
		const isOnline = this.#random() < onlineHours / (onlineHours + awayHours);
		// One that is away has not reported since it left.
		const age = this.#random() * 24 * hourMs + (isOnline ? 0 : this.#span(false));
		const machineId = this.tenant.machines.add({
			computerDnsName: `pc-${at}.contoso.example`,
			machineTags: [tag],
			lastSeen: toApiTime(now - age),
			online: isOnline,
		});
		this.devices.push({
			machineId,
			isOnline,
			changesAt: now + this.#span(isOnline),
			spans: isOnline ? [[now, Infinity]] : [],
		});
	}

	/** How long a device stays as it is, in milliseconds. */
	#span(isOnline: boolean): number {
		return -Math.log(1 - this.#random()) * (isOnline ? onlineHours : awayHours) * hourMs;
	}

	/** Lets devices come and go until now; some are set up anew and have another entry from then on. */
	moveOn(): void {
		const now = this.#now();
		for (const device of [...this.devices]) {
			if (device.changesAt > now) continue;
			device.isOnline = !device.isOnline;
			device.changesAt = now + this.#span(device.isOnline);
			this.tenant.machines.change(device.machineId, { online: device.isOnline });
			if (device.isOnline) device.spans.push([now, Infinity]);
			else device.spans.at(-1)![1] = now;
			if (!device.isOnline && this.#random() < reimagedShare) {
				device.changesAt = Infinity;
				this.#add(this.devices.length);
			}
		}
	}

	/**
	 * A call of the API as n8n's helper answers it. The two lists that every advance reads are not
	 * written as text and read again, which would take most of the time: that of devices never, that of
	 * machine actions where the profile gives them whole.
	 */
	async answer(request: ApiRequest) {
		const { pathname } = new URL(request.url);
		const isOfActions = pathname.endsWith('/machineactions') && this.#listsAreWhole;
		if (!isOfActions && !pathname.endsWith('/machines/findbytag')) {
			return await this.#answer(request);
		}
		const [{ machineId }] = this.devices;
		const answer = await this.#answer({ url: `${apiUrl}/machines/${machineId}` });
		if (answer.statusCode !== 200) return answer;
		const value = isOfActions
			? this.#actions.listed(this.tenant.actions, this.#now())
			: this.tenant.machines.all.map(({ machine }) => machine);
		return { ...answer, body: { value } };
	}

	async #answer({ method = 'GET', url, qs, body }: ApiRequest) {
		const query = qs ? new URLSearchParams(qs).toString() : '';
		const path = new URL(url).pathname;
		const answer = await this.#api.answer({
			method,
			url: query === '' ? path : `${path}?${query}`,
			path,
			query,
			headers: {
				authorization: `Bearer ${this.#token}`,
				'content-type': 'application/json',
			},
			body: Buffer.from(body === undefined ? '' : JSON.stringify(body)),
		});
		this.calls++;
		if (answer.status === 429) this.refused++;
		const text = String(answer.body);
		return {
			statusCode: answer.status,
			headers: Object.fromEntries(
				Object.entries(answer.headers).map(([name, value]) => [name.toLowerCase(), value]),
			),
			body: text === '' ? '' : (JSON.parse(text) as unknown),
		};
	}
}
