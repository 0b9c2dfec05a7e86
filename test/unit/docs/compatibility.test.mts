import { readMarkdown } from '../../support/markdown.mts';

/** `n8n 2.41.1 on Node.js 24`, in the order of the README. */
const promised =
	readMarkdown('README.md')
		.text.replace(/\s+/g, ' ')
		.match(/n8n [\d.]+ on Node\.js \d+/g) ?? [];

const [head, ...tried] = readMarkdown('docs/compatibility.md').tables[0].rows;

describe('the versions of n8n that the README names', () => {
	it('are those of the last run of npm run matrix', () => {
		expect(promised).toEqual(
			tried.map(([n8n, node]) => `n8n ${n8n} on Node.js ${node.split('.')[0]}`),
		);
	});

	it('passed every check there', () => {
		for (const [n8n, , ...results] of tried) {
			expect([n8n, ...results]).toEqual([n8n, ...head.slice(2).map(() => 'works')]);
		}
	});
});
