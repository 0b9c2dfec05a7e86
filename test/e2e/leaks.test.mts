import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';

import { contosoActions } from '../../emulator/emulator.mts';
import { installPackage, packPackage } from '../../playground/communityPackage.mts';
import { workFolder } from '../../playground/folders.mts';
import { startN8n, type N8n } from '../../playground/n8n/n8n.mts';
import { openTestBed, resultParameters, type TestBed } from './testBed.mts';

const userFolder = join(workFolder, 'e2e-leaks');
/** Not n8n's data: the installed package, and the editor's own files. */
const programs = /^(\.n8n\/nodes|\.cache)\//;
const minutes = 60_000;

/** Everything the node does with links and tokens, the ways in which it goes wrong included. */
async function useEverything({ emulator, run, client }: TestBed): Promise<void> {
	const transcript = [{ machineActionId: contosoActions.documentationSample }];
	const file = [{ machineActionId: contosoActions.getFile }];
	const onError = 'continueRegularOutput';
	const download = resultParameters('download');

	await run({ items: transcript });
	await run({ items: transcript, credential: emulator.certificateCredential });
	await run({
		items: transcript,
		parameters: resultParameters('parseTranscript', { allCommands: true }),
	});
	await run({ items: file, parameters: download });
	await run({ items: [{ machineActionId: contosoActions.putFile }] });
	await run({
		items: transcript,
		credential: { ...emulator.credential, downloadHosts: 'example.com' },
	});
	await run({
		items: transcript,
		credential: { ...emulator.credential, clientSecret: wrongSecret },
	});

	for (const kind of ['expiredLink', 'blobNotFound', 'serverBusy', 'resetMidBody'] as const) {
		emulator.faults.order({ kind, count: 20 });
		await Promise.all([
			run({ items: file, parameters: download }),
			run({ items: transcript, settings: { onError } }),
		]);
		emulator.faults.clear();
	}
	emulator.faults.order({
		kind: 'redirect',
		location: 'http://127.0.0.1:9/elsewhere?sig=redirected',
	});
	await run({ items: transcript });
	const elsewhere = 'https://elsewhere.example/c/b?sp=r&sig=elsewhere';
	emulator.faults.order({ kind: 'otherBody', body: { value: elsewhere } });
	await run({ items: transcript });
	const repeated = `Authorization: Bearer ${emulator.accessToken()} for ${elsewhere}`;
	const error = { code: 'InvalidRequestBody', message: repeated };
	emulator.faults.order({ kind: 'otherBody', status: 400, body: { error }, count: 2 });
	await run({ items: transcript });
	await run({ items: transcript, settings: { onError } });
	emulator.faults.order({ kind: 'revokeTokens' });
	await run({ items: transcript });
	emulator.faults.order({ kind: 'forbidden' });
	await run({
		items: transcript,
		settings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 },
	});
	emulator.faults.order({ kind: 'signInError', error: 'invalid_grant', code: 53003 });
	await run({ items: transcript, credential: { ...emulator.credential, callsPerMinute: 99 } });

	for (const credential of [emulator.credential, emulator.certificateCredential]) {
		const id = await client.saveCredential('defenderLiveResponseApi', 'tested', {
			...credential,
		});
		await client.testCredential(id, 'defenderLiveResponseApi', { ...credential });
	}
}

const wrongSecret = 'Wrong~secret-that-nobody-may-see-0123456789';

describe('what n8n keeps of executions, files and logs (log level debug)', () => {
	let n8n: N8n;
	let testBed: TestBed;
	let secrets: Array<[what: string, text: string]>;

	beforeAll(async () => {
		rmSync(userFolder, { recursive: true, force: true });
		await installPackage(await packPackage(), userFolder);
		n8n = await startN8n({ userFolder, logLevel: 'debug' });
		testBed = await openTestBed({
			client: n8n.client,
			emulator: { limits: { callsPerMinute: 100_000 } },
		});
		const { credential, certificateCredential } = testBed.emulator;
		const [, keyLine] = certificateCredential.privateKey.trim().split('\n');
		secrets = [
			['signature of a download link', 'sig='],
			['signature of a download link, encoded', 'sig%3D'],
			['client secret', credential.clientSecret],
			['client secret, encoded', encodeURIComponent(credential.clientSecret)],
			['client secret the user mistyped', wrongSecret],
			['private key', keyLine],
			['access token', tokenStart(testBed.emulator.accessToken())],
			['client assertion', 'client_assertion='],
		];
		await useEverything(testBed);
	}, 3 * minutes);

	afterAll(async () => {
		await testBed?.stop();
		await n8n?.stop();
	});

	it('would be found out: where a link is wanted, the same search sees it', async () => {
		const other = await openTestBed();
		try {
			const { stored } = await other.run({
				items: [{ machineActionId: contosoActions.getFile }],
				parameters: resultParameters('getLink'),
			});

			expect(found(secrets, JSON.stringify(stored))).toEqual(['signature of a download link']);
		} finally {
			await other.stop();
		}
	});

	it('has the results themselves, and a log that says much', async () => {
		const executions = JSON.stringify(await n8n.client.executions());

		expect(executions).toContain(contosoActions.documentationSample);
		expect(executions).toContain('notepad.dmp.zip');
		expect(n8n.logText().length).toBeGreaterThan(10_000);
	});

	it('has no token, secret or link in any stored execution', async () => {
		const executions = await n8n.client.executions();

		expect(executions.length).toBeGreaterThan(15);
		expect(found(secrets, JSON.stringify(executions))).toEqual([]);
	});

	it('has none in the database, the binary data, its metadata, or any log', async () => {
		await n8n.stop();
		const files = readdirSync(userFolder, { recursive: true, withFileTypes: true })
			.filter((entry) => entry.isFile())
			.map((entry) => join(entry.parentPath, entry.name))
			.filter((file) => !programs.test(relative(userFolder, file)));

		expect(files.map((file) => relative(userFolder, file))).toEqual(
			expect.arrayContaining(['n8n.log', join('.n8n', 'database.sqlite')]),
		);
		expect(files.some((file) => file.endsWith('.metadata'))).toBe(true);
		for (const file of files) {
			expect([file, ...found(secrets, readFileSync(file, 'latin1'))]).toEqual([file]);
		}
	});
});

/** The header names the emulator's signing key: the same in all of its tokens, and in no other. */
const tokenStart = (token: string): string => token.slice(0, token.indexOf('.'));

const found = (secrets: Array<[string, string]>, text: string): string[] =>
	secrets.filter(([, secret]) => text.includes(secret)).map(([what]) => what);
