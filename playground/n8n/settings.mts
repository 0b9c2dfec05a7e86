import { createServer } from 'node:net';

export interface N8nSettings {
	/** The folder that holds `.n8n`: database, binary data, community packages. */
	readonly userFolder: string;
	readonly port: number;
	/** Where n8n's task runner connects to it. */
	readonly brokerPort: number;
	readonly logLevel: 'info' | 'debug';
	/** Modules (`file:` URLs) that are loaded into n8n before it starts. */
	readonly preload?: readonly string[];
	/** What n8n is asked to be; default `start`, the one process that does everything. */
	readonly command?: readonly [name: 'start' | 'webhook' | 'worker', ...flags: string[]];
	/** Variables beyond those below, such as the ones of queue mode. */
	readonly environment?: Readonly<Record<string, string>>;
	/** Another n8n than the playground's, and the Node.js that runs it. */
	readonly program?: string;
	readonly node?: string;
}

/** What n8n is as its users have it, except that it listens on loopback and calls no host of n8n's makers. */
export function n8nEnvironment(settings: N8nSettings): Record<string, string> {
	return {
		N8N_USER_FOLDER: settings.userFolder,
		N8N_PORT: String(settings.port),
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_EDITOR_BASE_URL: `http://127.0.0.1:${settings.port}`,
		N8N_RUNNERS_BROKER_PORT: String(settings.brokerPort),
		N8N_SECURE_COOKIE: 'false',
		N8N_LOG_LEVEL: settings.logLevel,
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_PYTHON_ENABLED: 'false',
		N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
		N8N_VERIFIED_PACKAGES_ENABLED: 'false',
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
		N8N_DYNAMIC_BANNERS_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
		N8N_DISABLED_MODULES: 'mcp-registry',
		NO_COLOR: '1',
		...settings.environment,
	};
}

/** A loopback port that is free now. */
export async function freePort(): Promise<number> {
	return await new Promise((resolve, reject) => {
		const server = createServer();
		server.once('error', reject);
		server.listen(0, '127.0.0.1', () => {
			const address = server.address();
			server.close(() => {
				if (address !== null && typeof address === 'object') resolve(address.port);
				else reject(new Error('No free port'));
			});
		});
	});
}

/** Whether nothing listens on this loopback port. */
export async function isPortFree(port: number): Promise<boolean> {
	return await new Promise((resolve) => {
		const server = createServer();
		server.once('error', () => resolve(false));
		server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
	});
}
