/** `npm run demo`: n8n with the package, an emulated Defender tenant, and an alert that has become a ticket. */
import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { harshInRealTime, type ProfileName } from '../emulator/profiles.mts';
import {
	alert,
	offerConnectionCheck,
	showAlertToTicket,
	showParsedTranscripts,
} from './demoWorkflow.mts';
import { workFolder } from './folders.mts';
import { owner } from './n8n/session.mts';
import { isPortFree } from './n8n/settings.mts';
import { endWith, UserFacingError } from './userFacingError.cjs';
import { startPlayground, type Playground } from './playground.mts';
import { resultTable } from './resultTable.mts';

const usage = 'Usage: npm run demo -- [--once] [--port 5678] [--profile plain|harsh]';

interface DemoOptions {
	readonly once: boolean;
	readonly port: number;
	/** Default plain: whoever looks around after the demo meets a tenant as Microsoft's pages describe it. */
	readonly profile: ProfileName;
}

try {
	process.exitCode = await demo(optionsFrom(process.argv.slice(2)));
} catch (error) {
	endWith(error);
}

async function demo(options: DemoOptions): Promise<number> {
	if (!(await isPortFree(options.port))) {
		throw new UserFacingError(
			`Port ${options.port} is in use, perhaps by another n8n. Stop it, or take another port: npm run demo -- --port ${options.port + 10}`,
		);
	}
	const stopped = untilAskedToStop();
	const starting = startPlayground({
		userFolder: join(workFolder, 'demo'),
		port: options.port,
		// Devices answer in seconds, and run the script of the workflow, which nobody has signed.
		emulator: {
			...(options.profile === 'harsh' ? harshInRealTime : {}),
			timeScale: 4,
			scripts: { allowsUnsigned: true },
		},
		onProgress: (doing) => console.log(`  ${seconds()} s  ${doing} ...`),
	});
	const playground = await Promise.race([starting, stopped]);
	if (playground === 'stop') {
		await starting.then(
			async (late) => await late.stop(),
			() => undefined,
		);
		return 130;
	}
	try {
		const status = await Promise.race([showWorkflows(playground), stopped]);
		if (status === 'stop') return 130;
		if (options.once || status !== 0) return status;
		console.log('\nCtrl-C ends the demo.');
		await stopped;
		console.log('\nStopping n8n and the emulator ...');
		return 0;
	} finally {
		await playground.stop();
	}
}

/** @returns 0 when the workflows gave what is expected */
async function showWorkflows({ n8n, services }: Playground): Promise<number> {
	console.log(
		`  ${seconds()} s  an alert names ${alert.computerDnsName}: running the workflow's script there ...`,
	);
	const toTicket = await showAlertToTicket(n8n, services);
	console.log(`  ${seconds()} s  parsing two older results ...`);
	const parsed = await showParsedTranscripts(n8n);
	const check = await offerConnectionCheck(n8n);

	for (const { name, items } of [toTicket, parsed]) {
		console.log(`\n${name}\n\n${resultTable(items)}`);
	}
	for (const ticket of services.tickets()) {
		console.log(`\nThe ticket that arrived\n\n${JSON.stringify(ticket, null, 2)}`);
	}
	console.log(
		"\nThis tenant runs unsigned PowerShell ('Live Response unsigned script execution' is on). Yours may not: sign your scripts.\n",
	);
	for (const { name, url } of [toTicket, parsed, check]) console.log(`${name}\n  ${url}`);
	console.log(`Login\n  ${owner.email} / ${owner.password}`);

	const objections = [toTicket, parsed].flatMap(({ name, objections: those }) =>
		those.map((objection) => `${name}: ${objection}`),
	);
	if (objections.length === 0) return 0;
	console.error(`\n${objections.join('\n')}`);
	return 1;
}

function optionsFrom(args: string[]): DemoOptions {
	try {
		const { values } = parseArgs({
			args,
			options: {
				once: { type: 'boolean' },
				port: { type: 'string' },
				profile: { type: 'string' },
			},
		});
		const port = Number(values.port ?? 5678);
		if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error('No such port');
		const { once = false, profile = 'plain' } = values;
		if (profile !== 'plain' && profile !== 'harsh') throw new Error('No such profile');
		return { once, port, profile };
	} catch (error) {
		const message = error instanceof Error ? error.message : String(error);
		throw new UserFacingError(`${message}. ${usage}`);
	}
}

async function untilAskedToStop(): Promise<'stop'> {
	const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
	await Promise.race(signals.map(async (signal) => await once(process, signal)));
	for (const signal of signals) process.on(signal, () => undefined);
	return 'stop';
}

function seconds(): string {
	return Math.round(process.uptime()).toString().padStart(4);
}
