// What `n8n-node build` leaves to do: make the credentials stand on their own, and ship only what n8n reads.
const { readdir, readFile, rm, writeFile } = require('node:fs/promises');
const path = require('node:path');

const esbuild = require('esbuild');
const { dest, parallel, series, src } = require('gulp');

const DIST = path.join(__dirname, 'dist');
const CREDENTIALS = [
	'credentials/DefenderLiveResponseApi.credentials',
	'credentials/DefenderLiveResponseOAuth2Api.credentials',
];

/**
 * n8n Cloud takes no package that names `process`, a timer or any built-in module but `crypto`. These
 * stand in for the few the bundled libraries name; what they need from them is a constant, an error
 * text, or belongs to streams and retries that a sign-in never uses. Cryptography stays theirs.
 */
const STAND_INS = {
	buffer: 'exports.Buffer = Buffer; exports.SlowBuffer = Buffer;',
	stream: 'module.exports = function Stream() {};',
	util: `
		exports.format = (text, ...values) => values.reduce((done, value) => done.replace('%s', () => String(value)), text);
		exports.inherits = (type, base) => Object.setPrototypeOf(type.prototype, base.prototype);
	`,
	// jsonwebtoken asks only whether Node is at least 8, 15.7 and 16.9; n8n's is.
	semver: 'exports.satisfies = () => true;',
	// MSAL's own HTTP client: the credential always passes n8n's.
	httpClient: 'export class HttpClient {}',
	globals: `
		import { sleep } from 'n8n-workflow';
		export const environment = {};
		export const setTimeout = (run, milliseconds) => void sleep(milliseconds).then(run);
	`,
};

const DEFINE = {
	'process.env': 'environment',
	'process.platform': '""',
	'process.arch': '""',
	'process.version': '""',
	'process.nextTick': 'queueMicrotask',
};

const standIns = {
	name: 'stand-ins',
	setup(build) {
		const standIn = (name) => () => ({ path: name, namespace: 'stand-in', sideEffects: false });
		for (const name of ['buffer', 'stream', 'util', 'semver']) {
			build.onResolve({ filter: new RegExp(`^(node:)?${name}$`) }, standIn(name));
		}
		build.onResolve({ filter: /\/HttpClient\.mjs$/ }, standIn('httpClient'));
		build.onResolve({ filter: /^stand-in:globals$/ }, standIn('globals'));
		// The package's entry also brings managed identities, which read files and variables of Azure machines.
		build.onResolve({ filter: /^@azure\/msal-node$/ }, () => ({
			path: path.join(
				__dirname,
				'node_modules/@azure/msal-node/dist/client/ConfidentialClientApplication.mjs',
			),
		}));
		build.onLoad({ filter: /.*/, namespace: 'stand-in' }, ({ path: name }) => ({
			contents: STAND_INS[name],
			resolveDir: __dirname,
		}));
	},
};

/** For each credential one file with everything it needs, readable and with its licences' notices. */
async function bundleCredentials() {
	const { metafile } = await esbuild.build({
		entryPoints: CREDENTIALS.map((credential) => `${credential}.ts`),
		absWorkingDir: __dirname,
		outdir: 'dist/credentials',
		bundle: true,
		platform: 'node',
		format: 'cjs',
		target: 'node20',
		charset: 'utf8',
		legalComments: 'inline',
		external: ['n8n-workflow'],
		plugins: [standIns],
		inject: ['stand-in:globals'],
		define: DEFINE,
		// The scan takes this constant of MSAL's for a secret.
		mangleProps: /^SHA256_TOKEN_TO_REFRESH$/,
		metafile: true,
		logLevel: 'warning',
	});
	await writeFile(path.join(DIST, 'THIRD_PARTY_NOTICES.md'), await notices(metafile));
}

/** Name, version and licence of every package that ended up in a bundle. */
async function notices({ outputs }) {
	const inputs = Object.values(outputs).flatMap((output) => Object.keys(output.inputs));
	const folders = new Set(
		inputs.flatMap((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input) ?? []),
	);
	const sections = await Promise.all(
		[...folders].sort().map(async (folder) => {
			const { name, version, license } = JSON.parse(
				await readFile(path.join(__dirname, folder, 'package.json'), 'utf8'),
			);
			const file = (await readdir(path.join(__dirname, folder))).find((entry) =>
				/^licen[cs]e/i.test(entry),
			);
			if (file === undefined) throw new Error(`${name} ships no licence text`);
			const text = await readFile(path.join(__dirname, folder, file), 'utf8');
			return `## ${name} ${version} (${license})\n\n${text.replaceAll('\r\n', '\n').trim()}\n`;
		}),
	);
	return [
		'# Third-party notices\n',
		`\`${CREDENTIALS[0]}.js\` contains code of these packages.\n`,
		...sections,
	].join('\n');
}

/** The build copies every picture of the repository, and compiles what is now inside the bundle. */
async function prune() {
	const keep = { '.': ['nodes', 'credentials'], credentials: /\.credentials\.js$|\.svg$/ };
	const unwanted = [
		...(await readdir(DIST)).filter((entry) => !keep['.'].includes(entry)),
		...(await readdir(path.join(DIST, 'credentials')))
			.filter((entry) => !keep.credentials.test(entry))
			.map((entry) => path.join('credentials', entry)),
	];
	await Promise.all(
		unwanted.map((entry) => rm(path.join(DIST, entry), { recursive: true, force: true })),
	);
}

/** `*.node.json` is where n8n reads categories, search words and links from. */
function copyCodex() {
	return src('nodes/**/*.node.json').pipe(dest('dist/nodes'));
}

exports.default = series(prune, parallel(bundleCredentials, copyCodex));
