/** The rooms of ARCHITECTURE.md: who may import whom, and that a rule lives where the page says. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';

import ts from 'typescript';

import { readMarkdown, repository } from '../support/markdown.mts';

const NODE = 'nodes/DefenderLiveResponse';

/** From the top down: a room imports from those on the floors below, and from none beside it. */
const FLOORS = [
	['node'],
	['trigger', 'actions', 'methods'],
	['campaigns'],
	['runs'],
	['results'],
	['api'],
	['transport'],
	['limits'],
	['inputs'],
	['descriptions'],
	['domain'],
];

const floorOf = (room: string) => FLOORS.findIndex((rooms) => rooms.includes(room));

/** What a credential needs to know as well: hosts, what a token belongs to, failures of n8n's helper, what to say of a sign-in, what a token says, how many calls are allowed, fields of a choice, forms of ids. */
const SHARED_WITH_CREDENTIALS = [
	'transport/clouds.ts',
	'transport/cloudEndpoints.ts',
	'transport/credentialData.ts',
	'transport/httpFailure.ts',
	'transport/signInMessages.ts',
	'transport/tokenClaims.ts',
	'domain/callLimits.ts',
	'descriptions/choice.ts',
	'domain/identifiers.ts',
];

const sources = globSync('{nodes,credentials}/**/*.ts', { cwd: repository }).sort();

function roomOf(file: string): string {
	if (file.startsWith('credentials/')) return 'credentials';
	const [room, inside] = path.relative(NODE, file).split('/');
	return inside === undefined ? 'node' : room;
}

interface Import {
	from: string;
	/** A file of ours, or the name of a package. */
	to: string;
	isOurs: boolean;
}

const imports = sources.flatMap((from): Import[] =>
	ts
		.preProcessFile(readFileSync(path.join(repository, from), 'utf8'))
		.importedFiles.map(({ fileName }) => {
			if (!fileName.startsWith('.')) return { from, to: fileName, isOurs: false };
			const target = path.join(path.dirname(from), fileName);
			const to = [`${target}.ts`, `${target}/index.ts`].find((file) => sources.includes(file));
			return { from, to: to ?? target, isOurs: true };
		}),
);

const ours = imports.filter(({ isOurs }) => isOurs);

it('every folder of the node is a room that is known here', () => {
	const rooms = new Set(sources.map(roomOf));
	expect([...rooms].sort()).toEqual([...FLOORS.flat(), 'credentials'].sort());
	expect(ours.length).toBeGreaterThan(100);
});

it('imports run down only', () => {
	const isAllowed = ({ from, to }: Import) => {
		const [own, other] = [roomOf(from), roomOf(to)];
		if (own === other) return true;
		if (own === 'credentials') return SHARED_WITH_CREDENTIALS.includes(path.relative(NODE, to));
		return other !== 'credentials' && floorOf(own) < floorOf(other);
	};
	expect(ours.filter((found) => !isAllowed(found))).toEqual([]);
});

it('nothing but the list of its resource reaches into the file of an operation', () => {
	const against = ours.filter(
		({ from, to }) => to.endsWith('.operation.ts') && from !== `${path.dirname(to)}/index.ts`,
	);
	expect(against).toEqual([]);
});

it('no file leads back to itself', () => {
	const next = new Map(sources.map((file) => [file, ours.filter(({ from }) => from === file)]));
	const circle = (file: string, way: string[]): string[] | undefined => {
		if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
		if (clean.has(file)) return undefined;
		for (const { to } of next.get(file) ?? []) {
			const found = circle(to, [...way, file]);
			if (found) return found;
		}
		clean.add(file);
		return undefined;
	};
	const clean = new Set<string>();
	expect(sources.map((file) => circle(file, [])).find((found) => found)).toBeUndefined();
});

it('what things mean is decided without n8n, network or clock', () => {
	const outside = imports.filter(({ from, isOurs }) => roomOf(from) === 'domain' && !isOurs);
	expect(outside).toEqual([]);
	const impure = sources.filter(
		(file) =>
			roomOf(file) === 'domain' &&
			/\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bfetch\(/.test(
				readFileSync(path.join(repository, file), 'utf8'),
			),
	);
	expect(impure).toEqual([]);
});

it.each([
	['httpRequestWithAuthentication', ['transport/request.ts']],
	['helpers.httpRequest(', ['results/resultStore.ts']],
	['.getCredentials(', ['transport/connection.ts', 'transport/itemConnections.ts']],
	['getNodeParameter', ['inputs/nodeContext.ts']],
	['new NodeOperationError(', ['inputs/nodeErrors.ts']],
	['new NodeApiError(', ['inputs/nodeErrors.ts']],
	['...connection,', ['transport/connection.ts']],
])('%s is called in one place of the node', (call, files) => {
	const callers = sources.filter(
		(file) =>
			file.startsWith(NODE) && readFileSync(path.join(repository, file), 'utf8').includes(call),
	);
	expect(callers.map((file) => path.relative(NODE, file))).toEqual(files);
});

it('the files that ARCHITECTURE.md names exist', () => {
	const { text } = readMarkdown('ARCHITECTURE.md');
	const files = [...text.matchAll(/`([\w./*-]+\/[\w.*-]*|[\w-]+\.(?:ts|js|mts))`/g)].map(
		([, file]) => file,
	);
	expect(files.length).toBeGreaterThan(40);
	const missing = files.filter(
		(file) =>
			!file.includes('*') &&
			![file, path.join(NODE, file), path.join('test', file)].some((name) =>
				existsSync(path.join(repository, name)),
			),
	);
	expect(missing).toEqual([]);
});
