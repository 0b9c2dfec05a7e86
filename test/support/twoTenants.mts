import { Agent, request as send, type IncomingMessage, type ServerResponse } from 'node:http';

import {
	startEmulator,
	type CredentialValues,
	type Emulator,
	type EmulatorOptions,
} from '../../emulator/emulator.mts';
import { listen } from '../../emulator/http/listen.mts';
import { newApplication } from './newApplication.mts';

/** One cloud with two tenants. */
export interface TwoTenants {
	readonly tenants: readonly [Emulator, Emulator];
	/** The credential of a new app, which has consent in both; for one tenant's id, or an expression that gives it. */
	newCredential(tenantId: string): CredentialValues;
	/** Adds a device under one id to both tenants: a call for it succeeds in the wrong one too. @returns the id */
	addDevice(): string;
	stop(): Promise<void>;
}

/** A sign-in goes to the tenant in its address, a call to the tenant of its token, as in the real cloud. */
export async function startTwoTenants(options: EmulatorOptions): Promise<TwoTenants> {
	const tenants = [await startEmulator(options), await startEmulator(options)] as const;
	const [home, other] = tenants;
	const byId = new Map(tenants.map((emulator) => [tenantIdOf(emulator), emulator]));
	const door = await listen(0, (request, response) => {
		forward(request, response, byId.get(askedTenant(request) ?? '') ?? home);
	});
	const loginUrl = `http://127.0.0.1:${door.port}`;
	return {
		tenants,
		newCredential: (tenantId) => ({
			...newApplication(tenants),
			...{ tenantId, loginUrl, apiUrl: `${loginUrl}/api` },
			downloadHosts: tenants.map(({ credential }) => credential.downloadHosts).join(', '),
		}),
		addDevice: () => {
			const id = home.tenant.machines.add();
			return other.tenant.machines.add({ id });
		},
		stop: async () => {
			await door.close();
			for (const emulator of tenants) await emulator.stop();
		},
	};
}

export const tenantIdOf = (emulator: Emulator): string => emulator.credential.tenantId;

function askedTenant({ url = '', headers }: IncomingMessage): string | undefined {
	const [, ofSignIn] = /^\/([^/]+)\/oauth2\//.exec(url) ?? [];
	if (ofSignIn !== undefined) return ofSignIn;
	const [, claims] = /^Bearer [^.]+\.([^.]+)\./.exec(headers.authorization ?? '') ?? [];
	if (claims === undefined) return undefined;
	return (JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as { tid?: string }).tid;
}

/** A connection of its own for each call: what the emulator resets is reset for the caller. */
const oneCallEach = new Agent({ keepAlive: false });

function forward(request: IncomingMessage, response: ServerResponse, { loginUrl }: Emulator): void {
	const { method, url = '', headers } = request;
	const onward = send(new URL(url, loginUrl), { method, headers, agent: oneCallEach });
	onward.on('response', (answer) => {
		response.writeHead(answer.statusCode ?? 502, answer.headers);
		answer.pipe(response);
		answer.on('error', () => request.socket.destroy());
	});
	onward.on('error', () => request.socket.destroy());
	request.on('close', () => {
		if (!response.writableEnded && request.socket.destroyed) onward.destroy();
	});
	request.pipe(onward);
}
