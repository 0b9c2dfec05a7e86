import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DefenderLiveResponseApi } from '../../../credentials/DefenderLiveResponseApi.credentials';
import { until } from '../../support/until.mts';
import { reply } from './client.mts';

const labels = new DefenderLiveResponseApi().properties.map(({ displayName }) => displayName);

const children: ChildProcess[] = [];

afterEach(() => {
	for (const child of children.splice(0)) child.kill('SIGKILL');
});

function start(...args: string[]) {
	const child = spawn(process.execPath, [resolve('emulator/main.mts'), ...args], {
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	children.push(child);
	let output = '';
	child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
	child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
	const exited = once(child, 'exit').then(([code]) => code as number | null);
	const says = async (pattern: RegExp) => {
		const saidOrEnded = () => pattern.test(output) || child.exitCode !== null;
		await until(saidOrEnded, () => `${String(pattern)} in:\n${output}`, 20);
		return pattern.exec(output)?.[1] ?? '';
	};
	return { child, exited, says, output: () => output };
}

describe('npm run emulator', () => {
	it('says how to reach it, saves the certificate when asked, and ends on a signal', async () => {
		const folder = await mkdtemp(join(tmpdir(), 'emulator-certificate-'));
		const { child, exited, says, output } = start(
			...['--port', '0', '--download-port', '0', '--save-certificate', folder],
		);
		const loginUrl = await says(/Login URL +(\S+)/);
		await says(/(_emulator\/state)/);
		const { json } = await reply(`${loginUrl}/_emulator/credential`);
		const files = await readdir(folder);
		await rm(folder, { recursive: true });
		child.kill('SIGTERM');

		expect(await exited).toBe(0);
		for (const name of [
			'apiUrl',
			'resource',
			'downloadHosts',
			'tenantId',
			'clientId',
			'clientSecret',
		]) {
			expect(output()).toContain(String(json?.[name]));
		}
		const printed = [...output().matchAll(/^ {2}(\S.*?) {2,}\S/gm)].map(([, name]) => name);
		expect(printed).toContain('Directory (Tenant) ID');
		expect(printed).toEqual(labels.filter((label) => printed.includes(label)));
		expect(files.sort()).toEqual(['certificate.pem', 'privateKey.pem']);
		await expect(reply(`${loginUrl}/_emulator/state`)).rejects.toThrow();
	});

	it('says in one line that a port is taken', async () => {
		const server = createServer().listen(0, '127.0.0.1');
		await once(server, 'listening');
		const { port } = server.address() as AddressInfo;
		const { exited, output } = start('--port', String(port), '--download-port', '0');
		const code = await exited;
		server.close();

		expect(code).toBe(1);
		expect(output()).toBe(
			`Port ${port} is in use. Choose another with --port or --download-port.\n`,
		);
	});

	it('explains itself', async () => {
		const { exited, output } = start('--help');

		expect(await exited).toBe(0);
		expect(output()).toContain('--time-scale');
	});
});
