/** n8n, two tenants and a script in both that says where it runs: what every way of calling the node needs. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { startEmulator, type Emulator } from '../../../emulator/emulator.mts';
import { harshInRealTime } from '../../../emulator/profiles.mts';
import { startChatModel } from '../../../playground/chatModel.mts';
import { installPackage, packPackage } from '../../../playground/communityPackage.mts';
import { workFolder } from '../../../playground/folders.mts';
import { startN8n, type N8n } from '../../../playground/n8n/n8n.mts';
import { credentialType } from '../../../playground/packageNodes.mts';
import { newApplication } from '../../support/newApplication.mts';
import { followTask, modelCredential } from '../agents.mts';

export const script = 'where.ps1';

/** One run of the script that a workflow asks for, as its items carry it. */
export interface Ask {
	readonly device: string;
	/** The tenant's id. */
	readonly tenant: string;
}

export interface World {
	readonly n8n: N8n;
	readonly tenants: readonly Emulator[];
	/** Saves a credential whose Directory (Tenant) ID is the one of the item, with an app and so with limits of its own. */
	newCredential(name: string): Promise<void>;
	/** Asks for runs on new devices, in the one tenant and the other by turns. */
	asks(count: number): Ask[];
	tenantOf(ask: Ask): Emulator;
	stop(): Promise<void>;
}

/** What the script prints where it was asked to run. */
export const printedBy = ({ device, tenant }: Ask): string => `ran on ${device} in ${tenant}`;

interface Stoppable {
	stop(): Promise<void>;
}

/** What has been started is stopped again when the rest cannot be. */
export async function openWorld(): Promise<World> {
	const started: Stoppable[] = [];
	const stop = async () => {
		for (const part of started.splice(0).reverse()) await part.stop();
	};
	try {
		return await open(started, stop);
	} catch (error) {
		await Promise.allSettled(started.splice(0).map(async (part) => await part.stop()));
		throw error;
	}
}

async function open(started: Stoppable[], stop: World['stop']): Promise<World> {
	const keep = <Part extends Stoppable>(part: Part): Part => {
		started.push(part);
		return part;
	};
	const userFolder = join(workFolder, 'e2e-ways');
	rmSync(userFolder, { recursive: true, force: true });
	await installPackage(await packPackage(), userFolder);
	const options = { ...harshInRealTime, timeScale: 20, deviceLookup: { passingNotFound: 0 } };
	const home = keep(await startEmulator(options));
	const tenants = [home, keep(await startEmulator({ ...options, beside: home }))];
	for (const emulator of tenants) {
		const tenant = tenantIdOf(emulator);
		emulator.tenant.library.add({
			fileName: script,
			behaviour: ({ device }) => ({ output: printedBy({ device: device.machine.id, tenant }) }),
		});
	}
	const model = keep(await startChatModel(followTask));
	const n8n = keep(await startN8n({ userFolder }));
	await n8n.client.saveCredential('openAiApi', modelCredential, {
		apiKey: 'none',
		url: model.baseUrl,
	});
	return {
		n8n,
		tenants,
		newCredential: async (name) => {
			await n8n.client.saveCredential(credentialType, name, {
				...newApplication(tenants),
				tenantId: '={{ $json.ask.tenant }}',
				downloadHosts: tenants.map(({ credential }) => credential.downloadHosts).join(', '),
			});
		},
		asks: (count) =>
			Array.from({ length: count }, (_, at) => ({
				device: deviceInEach(tenants),
				tenant: tenantIdOf(tenants[at % tenants.length]),
			})),
		tenantOf: ({ tenant }) => tenants.find((emulator) => tenantIdOf(emulator) === tenant)!,
		stop,
	};
}

const tenantIdOf = ({ credential }: Emulator): string => credential.tenantId;

/** Under one id: a call that goes to the wrong tenant succeeds there. */
function deviceInEach([{ tenant }, ...others]: readonly Emulator[]): string {
	const id = tenant.machines.add();
	for (const other of others) other.tenant.machines.add({ id });
	return id;
}
