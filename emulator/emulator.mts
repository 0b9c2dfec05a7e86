import { EmulatedClock } from './clock.mts';
import { addContoso } from './contoso/contoso.mts';
import { ControlApi } from './control/controlApi.mts';
import {
	credentialValues,
	type CredentialValues,
	type OAuth2CredentialValues,
} from './credential.mts';
import { AnswerForm } from './defender/answerForm.mts';
import { DefenderApi } from './defender/api.mts';
import { AccessTokens } from './entra/accessTokens.mts';
import { Application } from './entra/application.mts';
import { createCertificate } from './entra/certificate.mts';
import type { Directory } from './entra/directory.mts';
import { SignInEndpoints } from './entra/signInEndpoints.mts';
import { Faults } from './faults/faults.mts';
import { FrontDoor } from './frontDoor.mts';
import { listen } from './http/listen.mts';
import { Identifiers } from './identifiers.mts';
import { RequestLog } from './requestLog.mts';
import { startAzurite } from './results/azurite.mts';
import { AzuriteResultStore } from './results/azuriteResultStore.mts';
import { DownloadServer } from './results/downloadServer.mts';
import {
	changeSettings,
	settingsFrom,
	type ProfileOptions,
	type Settings,
	type SettingsOptions,
} from './settings.mts';
import { checkSettings } from './settingsByName.mts';
import { Tenant } from './tenant/tenant.mts';

export { contosoActions } from './contoso/history.mts';
export { contosoMachineId } from './contoso/machines.mts';
export { contosoOddActions } from './contoso/oddActions.mts';
export { contosoTwins } from './contoso/sharedNames.mts';
export type { CredentialValues, OAuth2CredentialValues } from './credential.mts';

/** The resource that tokens for the Defender API are asked for, in every public cloud. */
const defenderResource = 'https://api.securitycenter.microsoft.com';
const legacyResource = 'https://api.securitycenter.windows.com';
/** A resource that exists but is not the Defender API, for tests of a wrong audience. */
export const otherResource = 'https://graph.microsoft.com';

export interface EmulatorOptions extends SettingsOptions, ProfileOptions {
	/** Port of sign-in, API and control; default a free one. */
	port?: number;
	/** Port of the result links; default a free one. */
	downloadPort?: number;
	/** Another tenant that has the same app registration, served at the addresses of this one. */
	beside?: Emulator;
	/** Default `contoso`: devices, library and history ready made. */
	tenant?: 'contoso' | 'empty';
	/** Emulated seconds in a real second; default 1. */
	timeScale?: number;
	/** Real time in milliseconds since 1970; default the system's. */
	clock?: () => number;
	/** Makes ids and the secret the same on every start. */
	seed?: string;
	/** Where an Azurite of its own keeps result files; default `memory`. */
	storage?: 'memory' | 'disk';
	/** Address of a running Azurite to keep them in instead. */
	azuriteUrl?: string;
	/** The application permissions with consent; default all that the package needs. */
	roles?: readonly string[];
}

/** A running emulator. */
export interface Emulator {
	/** `http://127.0.0.1:<port>`; the API's address ends in `/api`. */
	loginUrl: string;
	apiUrl: string;
	/** Origin of the result links. */
	downloadUrl: string;
	/** Values for the n8n credential, with the client secret. */
	credential: CredentialValues;
	/** The same with certificate sign-in. */
	certificateCredential: CredentialValues;
	/** Values for the n8n credential with which a user signs in. */
	oAuth2Credential: OAuth2CredentialValues;
	tenant: Tenant;
	/** The app registration the credential belongs to. */
	application: Application;
	/** Registers another app with the same permissions. */
	register: () => { clientId: string; clientSecret: string };
	faults: Faults;
	requests: RequestLog;
	/** Takes the requests in. */
	door: FrontDoor;
	clock: EmulatedClock;
	/** Read on every request; change with `configure`. */
	settings: Settings;
	/** Throws when something is no setting or has a value it cannot have. */
	configure: (change: SettingsOptions) => void;
	/** Sets emulated time forward. */
	advance: (seconds: number) => void;
	/** A token as the token endpoint would issue it now. */
	accessToken: (options?: { audience?: string; lifetimeSeconds?: number }) => string;
	/** Resolves when all result files are in the store. */
	settled: () => Promise<void>;
	stop: () => Promise<void>;
}

/** Starts a Defender tenant on loopback: Entra's token endpoint, the Defender API and the result files. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
	const closers: Array<() => void | Promise<void>> = [];
	const stop = async () => {
		for (const close of closers.splice(0).reverse()) await close();
	};
	try {
		return await start(options, closers, stop);
	} catch (error) {
		await stop();
		throw error;
	}
}

async function start(
	options: EmulatorOptions,
	closers: Array<() => void | Promise<void>>,
	stop: () => Promise<void>,
): Promise<Emulator> {
	const settings = settingsFrom(options);
	const clock = new EmulatedClock({ timeScale: options.timeScale, realNow: options.clock });
	const identifiers = new Identifiers(options.seed);
	const requests = new RequestLog();
	const faults = new Faults();

	const tenantId = identifiers.guid();
	const application = new Application({
		clientId: options.beside?.credential.clientId ?? identifiers.guid(),
		objectId: identifiers.guid(),
		displayName: 'n8n Live Response',
		roles: options.roles,
	});
	const clientSecret = options.beside?.credential.clientSecret ?? `Emu8Q~${identifiers.hex(34)}`;
	application.addSecret(clientSecret);

	const azuriteUrl = options.azuriteUrl ?? (await ownAzurite(options.storage, closers));
	const [results, tokens, pair] = await Promise.all([
		AzuriteResultStore.create(azuriteUrl, clock, identifiers),
		AccessTokens.create(tenantId, () => clock.real()),
		createCertificate('n8n Live Response'),
	]);
	application.addCertificate(pair.certificate);
	closers.push(() => results.stop());

	const directory: Directory = {
		tenantId,
		domains: ['contoso.example', 'contoso.onmicrosoft.com'],
		applications: [application],
		resources: [defenderResource, legacyResource, otherResource],
		tokens,
	};
	const tenant = new Tenant({ clock, identifiers, settings, results, directory });
	const addresses = { loginUrl: '', apiUrl: '', downloadUrl: '' };
	const downloads = new DownloadServer({
		azuriteUrl,
		takeFault: (method, url) => faults.take('download', method, url),
	});
	closers.push(() => downloads.close());
	const control = new ControlApi();
	const door = new FrontDoor({
		api: new DefenderApi({ tenant, settings, clock, results, apiUrl: () => addresses.apiUrl }, [
			defenderResource,
			legacyResource,
		]),
		signIn: new SignInEndpoints(directory, {
			loginUrl: () => addresses.loginUrl,
			realNow: () => clock.real(),
			lifetimeSeconds: () => settings.tokenLifetimeSeconds,
			tokensWithoutRoles: () => settings.signIn.tokensWithoutRoles,
		}),
		answerForm: new AnswerForm(settings),
		...{ downloads, control, faults, requests, clock, application, tenant },
	});
	if (options.beside) options.beside.door.add(tenantId, door);
	else {
		const main = await listen(options.port ?? 0, (request, response) => {
			void door.main(request, response);
		});
		closers.push(main.close);
		addresses.loginUrl = `http://127.0.0.1:${main.port}`;
	}
	const download = await listen(options.downloadPort ?? 0, (request, response) => {
		void door.download(request, response);
	});
	closers.push(download.close);
	if (options.beside) addresses.loginUrl = options.beside.loginUrl;
	addresses.apiUrl = `${addresses.loginUrl}/api`;
	addresses.downloadUrl = `http://127.0.0.1:${download.port}`;
	results.downloadUrl = addresses.downloadUrl;

	if (options.tenant !== 'empty') addContoso(tenant, clock, settings.contoso);
	const credentials = credentialValues({
		...addresses,
		...{ settings, tenantId, clientSecret, pair },
		clientId: application.clientId,
		resource: defenderResource,
		timeScale: clock.timeScale,
	});
	const emulator: Emulator = {
		...addresses,
		...credentials,
		...{ tenant, application, faults, requests, door, clock, settings, stop },
		configure: (change) => {
			checkSettings(change);
			changeSettings(settings, change);
		},
		advance: (seconds) => clock.advance(seconds),
		register: () => {
			const secret = `Emu8Q~${identifiers.hex(34)}`;
			const another = new Application({
				clientId: identifiers.guid(),
				objectId: identifiers.guid(),
				displayName: 'Another app',
				roles: options.roles,
			});
			another.addSecret(secret);
			directory.applications.push(another);
			return { clientId: another.clientId, clientSecret: secret };
		},
		accessToken: ({ audience = defenderResource, lifetimeSeconds } = {}) =>
			tokens.issue({
				application,
				audience,
				lifetimeSeconds: lifetimeSeconds ?? settings.tokenLifetimeSeconds,
			}),
		settled: async () => await results.settled(),
	};
	control.emulator = emulator;
	return emulator;
}

async function ownAzurite(
	storage: EmulatorOptions['storage'],
	closers: Array<() => void | Promise<void>>,
): Promise<string> {
	const azurite = await startAzurite(storage ?? 'memory');
	closers.push(azurite.stop);
	return azurite.url;
}
