import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';

import type { ICredentialType, IHttpRequestOptions, INodeType } from 'n8n-workflow';

import { createCertificate } from './credentials/certificates.mts';
import { verifiedAssertion } from './credentials/verifiedAssertion.mts';

const root = path.join(__dirname, '../..');
const dist = path.join(root, 'dist');
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
	name: string;
	dependencies?: object;
	peerDependencies: object;
	files: string[];
	n8n: { nodes: string[]; credentials: string[] };
};

/** As n8n loads a class: the one named like its file. */
function load<T>(file: string): T {
	const name = path.basename(file).split('.')[0];
	const module = require(path.join(root, file)) as Record<string, new () => T>;
	return new module[name]();
}

const built = (pattern: string) => globSync(pattern, { cwd: root }).sort();

/** The files npm would put into the tarball. */
function packed(): string[] {
	const output = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
		cwd: root,
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'ignore'],
	});
	const report = JSON.parse(output) as object;
	const [tarball] = Object.values(report) as Array<{ files: Array<{ path: string }> }>;
	return tarball.files.map((file) => file.path).sort();
}

beforeAll(() => {
	if (!existsSync(path.join(dist, 'THIRD_PARTY_NOTICES.md'))) {
		throw new Error('There is no build to look at: run npm run build');
	}
});

describe('the package n8n installs', () => {
	it('needs nothing but n8n', () => {
		expect(manifest.dependencies).toBeUndefined();
		expect(manifest.peerDependencies).toEqual({ 'n8n-workflow': '*' });
		expect(manifest.files).toEqual(['dist']);
	});

	it('asks for no module but n8n-workflow, crypto and its own files', () => {
		const asked = built('dist/**/*.js').flatMap((file) =>
			[...readFileSync(path.join(root, file), 'utf8').matchAll(/\brequire\(\s*["']([^"']+)["']/g)]
				.map(([, name]) => name)
				.filter((name) => !name.startsWith('.')),
		);
		expect([...new Set(asked)].filter((name) => name !== 'node:crypto').sort()).toEqual([
			'crypto',
			'n8n-workflow',
		]);
	});

	it('holds one file for each source of the nodes and each credential, and nothing else', () => {
		const sources = [
			...built('{nodes,credentials}/**/*.{ts,svg,node.json}'),
			...built('nodes/*/__schema__/v1.0.0/*/*.json'),
		].filter((file) => !/^credentials\/.*(?<!\.credentials)\.ts$/.test(file));
		expect(packed()).toEqual(
			[
				...sources.map((file) => `dist/${file.replace(/\.ts$/, '.js')}`),
				'dist/THIRD_PARTY_NOTICES.md',
				'index.js',
				'LICENSE.md',
				'package.json',
				'README.md',
			].sort(),
		);
	});

	it('names every node and credential it holds', () => {
		expect([...manifest.n8n.credentials].sort()).toEqual(built('dist/**/*.credentials.js'));
		expect([...manifest.n8n.nodes].sort()).toEqual(built('dist/**/*.node.js'));
	});

	it.each(manifest.n8n.credentials)('loads %s', (file) => {
		const credential = load<ICredentialType>(file);
		expect(credential.name.toLowerCase()).toBe(path.basename(file).split('.')[0].toLowerCase());
		expectIcons(file, credential.icon);
	});

	it.each(manifest.n8n.nodes)('loads %s and its search words', (file) => {
		const { description } = load<INodeType>(file);
		expectIcons(file, description.icon);
		const codex = JSON.parse(
			readFileSync(path.join(root, file.replace(/\.js$/, '.json')), 'utf8'),
		) as { node: string; categories: string[]; alias: string[]; resources: object };
		expect(codex.node).toBe(`${manifest.name}.${description.name}`);
		expect(codex.alias).toContain('live response');
		expect(codex.resources).toHaveProperty('primaryDocumentation');
	});

	it('holds every icon byte for byte', () => {
		const icons = globSync('{nodes,credentials}/**/*.svg', { cwd: root });
		expect(icons.length).toBeGreaterThanOrEqual(4);
		const digest = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');
		for (const icon of icons) {
			expect([icon, digest(path.join(dist, icon))]).toEqual([icon, digest(path.join(root, icon))]);
		}
	});

	function expectIcons(file: string, icon: INodeType['description']['icon']): void {
		if (typeof icon !== 'object') throw new Error(`${file} has no light and dark icon`);
		expect(icon.light).not.toBe(icon.dark);
		for (const name of [icon.light, icon.dark]) {
			const image = path.join(root, path.dirname(file), name.replace('file:', ''));
			expect([image, existsSync(image)]).toEqual([image, true]);
		}
	}
});

describe('the bundled credential', () => {
	const file = 'dist/credentials/DefenderLiveResponseApi.credentials.js';

	it('stands on its own: nothing of the sign-in lies beside it', () => {
		expect(built('dist/credentials/**').filter((entry) => /\.js$/.test(entry))).toEqual(
			manifest.n8n.credentials,
		);
	});

	it('comes with the licence of every package inside it', () => {
		const bundle = readFileSync(path.join(root, file), 'utf8');
		const notices = readFileSync(path.join(dist, 'THIRD_PARTY_NOTICES.md'), 'utf8');
		const inside = new Set(
			[...bundle.matchAll(/^\/\/ node_modules\/((?:@[^/]+\/)?[^/\n]+)/gm)].map(([, name]) => name),
		);
		expect([...inside]).toEqual(
			expect.arrayContaining(['@azure/msal-node', 'jsonwebtoken', 'jws']),
		);
		for (const name of inside) expect(notices).toContain(`## ${name} `);
	});

	it.each(['http://127.0.0.1:4010', 'https://login.microsoftonline.com'])(
		'signs in at %s with a secret and with a certificate, in one call each',
		async (loginUrl) => {
			const pair = await createCertificate();
			const credential = load<ICredentialType>(file);
			const requests: IHttpRequestOptions[] = [];
			const helpers = {
				httpRequest: async (request: IHttpRequestOptions) => {
					requests.push(request);
					const body = { token_type: 'Bearer', expires_in: 3599, access_token: 'opaque' };
					return { statusCode: 200, headers: {}, body: JSON.stringify(body) };
				},
			};
			const fields = {
				cloud: 'custom',
				loginUrl,
				apiUrl: 'http://127.0.0.1:4010',
				resource: 'https://api.securitycenter.microsoft.com',
				downloadHosts: '127.0.0.1:10000',
				tenantId: 'contoso.onmicrosoft.com',
				clientId: '0a1b2c3d-aaaa-4bbb-8ccc-ddddeeeeffff',
				clientSecret: 'the-secret',
				...pair,
			};
			for (const authentication of ['clientSecret', 'certificate']) {
				const data = { ...fields, authentication };
				await expect(credential.preAuthentication?.call({ helpers }, data)).resolves.toEqual({});
				expect(data).toMatchObject({ accessToken: expect.stringMatching(/^\S+ opaque$/) });
			}

			const [secret, assertion] = requests.map(({ body }) => new URLSearchParams(String(body)));
			expect(requests).toHaveLength(2);
			expect(secret.get('client_secret')).toBe('the-secret');
			const { claims } = verifiedAssertion({
				jwt: assertion.get('client_assertion') ?? '',
				certificate: pair.certificate,
				audience: `${loginUrl}/contoso.onmicrosoft.com/oauth2/v2.0/token`,
				subject: fields.clientId,
			});
			expect(claims.jti).toMatch(/^[0-9a-f-]{36}$/);
		},
	);
});
