/** The layers of ARCHITECTURE.md: who may import whom, and that a rule lives where the page says. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';

import ts from 'typescript';

import { readMarkdown, repository } from '../support/markdown.mts';

const NODE = 'nodes/DefenderLiveResponse';

/** Besides itself, a layer may import these. */
const MAY_IMPORT: Record<string, string[]> = {
	node: ['actions', 'descriptions', 'methods', 'trigger'],
	trigger: ['actions', 'descriptions', 'transport', 'liveResponse'],
	actions: ['descriptions', 'transport', 'liveResponse'],
	methods: ['transport', 'liveResponse'],
	descriptions: [],
	transport: ['liveResponse'],
	liveResponse: [],
	credentials: [],
};

/** What a credential needs to know as well: hosts, and what to say of a sign-in. */
const SHARED_WITH_CREDENTIALS = ['clouds.ts', 'signInMessages.ts'];

const sources = globSync('{nodes,credentials}/**/*.ts', { cwd: repository }).sort();

function layerOf(file: string): string {
	if (file.startsWith('credentials/')) return 'credentials';
	const [layer, inside] = path.relative(NODE, file).split('/');
	return inside === undefined ? 'node' : layer;
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

it('every folder of the node is a layer that is known here', () => {
	expect(sources.map(layerOf).filter((layer) => !Object.hasOwn(MAY_IMPORT, layer))).toEqual([]);
	expect(ours.length).toBeGreaterThan(100);
});

it('imports go one way', () => {
	const against = ours.filter(({ from, to }) => {
		const [own, other] = [layerOf(from), layerOf(to)];
		return own !== other && other !== 'credentials' && !MAY_IMPORT[own].includes(other);
	});
	const isShared = ({ from, to }: Import) =>
		layerOf(from) === 'credentials' &&
		SHARED_WITH_CREDENTIALS.includes(path.relative(`${NODE}/transport`, to));
	expect(against.filter((found) => !isShared(found))).toEqual([]);
	expect(
		ours.filter(({ from, to }) => layerOf(to) === 'credentials' && layerOf(from) !== 'credentials'),
	).toEqual([]);
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
	const outside = imports.filter(({ from, isOurs }) => layerOf(from) === 'liveResponse' && !isOurs);
	expect(outside).toEqual([]);
	const impure = sources.filter(
		(file) =>
			layerOf(file) === 'liveResponse' &&
			/\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bfetch\(/.test(
				readFileSync(path.join(repository, file), 'utf8'),
			),
	);
	expect(impure).toEqual([]);
});

it.each([
	['httpRequestWithAuthentication', ['transport/request.ts']],
	['helpers.httpRequest(', ['results/resultStore.ts']],
	['.getCredentials(', ['transport/connection.ts']],
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
