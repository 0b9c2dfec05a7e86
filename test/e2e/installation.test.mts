import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { packageName } from '../../playground/communityPackage.mts';
import { root } from '../../playground/folders.mts';
import { N8nSession } from '../../playground/n8n/session.mts';
import { N8nClient } from '../../playground/n8n/n8nClient.mts';
import { sharedN8n } from './sharedN8n.mts';

describe('the package installed in n8n', () => {
	it('offers every node of its manifest, also as a tool for AI agents', async () => {
		const client = new N8nClient(await N8nSession.open(sharedN8n.url()));

		const names = (await client.nodeTypes())
			.map(({ name }) => name)
			.filter((name) => name.startsWith(packageName));

		const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
			n8n: { nodes: string[] };
		};
		const registered = manifest.n8n.nodes.map((file) => {
			const className = /([A-Za-z]+)\.node\.js$/.exec(file)?.[1] ?? '';
			return `${packageName}.${className[0].toLowerCase()}${className.slice(1)}`;
		});
		expect(names).toEqual(expect.arrayContaining(registered));
		expect(names).toContain(`${packageName}.defenderLiveResponseTool`);
	});
});
