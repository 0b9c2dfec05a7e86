import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { help, readCommandLine } from './commandLine.mts';
import { startEmulator, type Emulator } from './emulator.mts';

const commandLine = readCommandLine(process.argv.slice(2));
switch (commandLine.kind) {
	case 'help':
		process.stdout.write(help);
		break;
	case 'invalid':
		console.error(`${commandLine.message}\n\n${help}`);
		process.exitCode = 2;
		break;
	case 'start':
		await run(commandLine);
		break;
}

async function run({
	options,
	certificateFolder,
}: Extract<typeof commandLine, { kind: 'start' }>): Promise<void> {
	let emulator: Emulator;
	try {
		emulator = await startEmulator(options);
	} catch (error) {
		console.error(error instanceof Error ? error.message : String(error));
		process.exitCode = 1;
		return;
	}
	const stopped = new Promise<void>((resolve) => {
		// Not once: a Ctrl-C comes from the terminal and from the program that started this one.
		process.on('SIGINT', resolve);
		process.on('SIGTERM', resolve);
	});
	if (certificateFolder !== undefined) await saveCertificate(emulator, certificateFolder);
	process.stdout.write(introduction(emulator));
	await stopped;
	await emulator.stop();
	console.log('The emulator has stopped.');
}

function introduction({ credential, loginUrl }: Emulator): string {
	const fields = [
		['Directory (Tenant) ID', credential.tenantId],
		['Application (Client) ID', credential.clientId],
		['Authentication', 'Client Secret'],
		['Client Secret', credential.clientSecret],
		['Cloud', 'Custom'],
		['Login URL', credential.loginUrl],
		['API URL', credential.apiUrl],
		['Token Resource', credential.resource],
		['Download Hosts', credential.downloadHosts],
		['Calls per Minute', credential.callsPerMinute],
		['Calls per Hour', credential.callsPerHour],
	];
	const widest = Math.max(...fields.map(([name]) => String(name).length));
	const lines = fields.map(([name, value]) => `  ${String(name).padEnd(widest)}  ${value}`);
	return `A Defender tenant is ready (Ctrl-C ends it). Nothing here leaves this machine.

In n8n, create a credential "Defender Live Response API" with these values:

${lines.join('\n')}

State of the tenant: curl ${loginUrl}/_emulator/state
`;
}

async function saveCertificate(emulator: Emulator, folder: string): Promise<void> {
	const { privateKey, certificate } = emulator.certificateCredential;
	await mkdir(folder, { recursive: true });
	await writeFile(join(folder, 'privateKey.pem'), privateKey, { mode: 0o600 });
	await writeFile(join(folder, 'certificate.pem'), certificate);
	console.log(`Certificate sign-in: privateKey.pem and certificate.pem are in ${folder}.\n`);
}
