import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from '../folders.mts';

export interface Row {
	readonly n8n: string;
	readonly node: string;
	/** By check: `works`, or what went otherwise. */
	readonly results: Record<string, string>;
}

/** docs/compatibility.md, from what was tried. */
export function compatibilityPage(
	rows: readonly Row[],
	checks: ReadonlyArray<{ readonly name: string }>,
): string {
	const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
		version: string;
	};
	const names = checks.map(({ name }) => name);
	const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
	const date = new Date().toISOString().slice(0, 10);
	return `# Compatibility

Made by \`npm run matrix\` on ${date} with version ${version} of this package: each n8n is installed with the Node.js
it asks for, the packed package is installed in it, and the checks run against the
[emulator](../emulator/README.md).

${line(['n8n', 'Node.js', ...names])}
${line(['n8n', 'Node.js', ...names].map(() => '---'))}
${rows.map(({ n8n, node, results }) => line([n8n, node, ...names.map((name) => results[name] ?? 'not tried')])).join('\n')}

What older n8n lacks:

- **Before 2.30**: the credential _Defender Live Response OAuth2 API_ takes a client secret only. A certificate works in
  _Defender Live Response API_, on every version above.
- **1.x in queue mode**: a stalled job runs again in the same execution. The node finds what the first run started by
  the marker in the machine action's comment and goes on with it. n8n 2 ends such an execution instead
  ([queue mode](queue-mode.md)).

What else is known:

- **Main process and queue mode** work. Tokens, rate budget and the memory of retries are those of each process; n8n stores
  no token of the app.
- **n8n's Engine 2.0** (experimental) is not supported: it does not renew tokens of this kind of credential yet.
- The package has no dependencies at run time. MSAL is built into the credential; its notices are in the package as
  \`THIRD_PARTY_NOTICES.md\`.

A run of the matrix takes about 20 minutes and 5 GB of disk, and removes what it installed (\`-- --keep\` keeps it).
`;
}
