/** Pictures: each is shown, each that is shown is there, and a program makes each. */
import { globSync, statSync } from 'node:fs';
import path from 'node:path';

import { DefenderLiveResponse } from '../../../nodes/DefenderLiveResponse/DefenderLiveResponse.node';
import type { Page } from '../../../playground/browser.mts';
import { exampleNames } from '../../../playground/examples.mts';
import { Album } from '../../../playground/pictures/album.mts';
import {
	canvasOf,
	offeredOperations,
	panelOf,
	pictureNames,
	quickStart,
	triggerPanel,
} from '../../../playground/pictures/pictureNames.mts';
import { markdownFiles, readMarkdown, repository } from '../../support/markdown.mts';

const FOLDER = 'docs/images';
/** Drawn by `npm run bench`, each when it is measured. */
const CHARTS = ['campaign-over-time', 'results-over-time'];
const MOST_MEGABYTES = 4;

const { properties } = new DefenderLiveResponse().description;
const fileOf = (name: string) => path.join(FOLDER, `${name}.png`);
const promised = pictureNames(properties).map(fileOf).sort();
const charts = CHARTS.map((name) => path.join(FOLDER, `${name}.svg`));

const picturesOn = (file: string) =>
	readMarkdown(file)
		.links.filter(({ isImage, target }) => isImage && !/^https?:/.test(target))
		.map(({ target }) => path.normalize(path.join(path.dirname(file), target)));
const shown = [...new Set(markdownFiles().flatMap(picturesOn))].sort();

const stored = globSync('{docs,examples,emulator,playground,.github}/**/*.{png,svg,gif,jpg,webp}', {
	cwd: repository,
	exclude: (file) => file.split(path.sep).includes('node_modules'),
}).sort();

it('the screenshot step makes every picture that is stored, and all that it makes are', () => {
	expect(stored.filter((file) => !charts.includes(file))).toEqual(promised);
});

it('every picture is shown on a page, and every one that is shown is there', () => {
	expect(shown).toEqual(stored);
});

it('the step fails when one that it promises is not made, and makes no other', async () => {
	const album = new Album('nowhere', ['canvas']);
	const page = {} as Page;
	const frame = { x: 0, y: 0, width: 1, height: 1 };
	await expect(album.take('panel', page, frame)).rejects.toThrow('No picture "panel" is promised');
	expect(() => album.finish()).toThrow('These pictures were not made: canvas');
});

it('all of them are downloaded in a moment', () => {
	const bytes = stored.reduce((sum, file) => sum + statSync(path.join(repository, file)).size, 0);
	expect(bytes / 1_000_000).toBeLessThan(MOST_MEGABYTES);
});

/** The pages' text from a heading to the next one. */
const sections = readMarkdown('docs/operations.md').text.split(/^(?=#{2,} )/m);

it.each(offeredOperations(properties).map((offered) => [panelOf(offered), offered] as const))(
	'docs/operations.md: %s stands where the operation is described',
	(name, { resource, operation }) => {
		const own = sections.filter((text) => text.includes(`\n\`${resource}\` / \`${operation}\``));
		expect(own).toEqual([expect.stringContaining(`src="images/${name}.png"`)]);
	},
);

it('docs/operations.md: shows the trigger where it is described', () => {
	const own = sections.filter((text) => text.startsWith('## Trigger\n'));
	expect(own).toEqual([expect.stringContaining(`src="images/${triggerPanel}.png"`)]);
});

it('examples/README.md: shows the canvas of each example', () => {
	expect(picturesOn('examples/README.md').sort()).toEqual(
		exampleNames().map(canvasOf).map(fileOf).sort(),
	);
});

it.each(['README.md', 'docs/zh-TW/README.md'])('%s: shows the quick start step by step', (file) => {
	const steps = Object.values(quickStart).map(fileOf);
	expect(picturesOn(file).filter((picture) => steps.includes(picture))).toEqual(steps);
});
