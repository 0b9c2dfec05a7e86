import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from '../../playground/folders.mts';
import type { Measurement } from '../measurement.mts';

export const campaignsPageFile = 'docs/campaigns.md';

/** docs/campaigns.md with the figures of these measurements in their places. */
export function campaignsPage(measurements: readonly Measurement[]): string {
	let page = readFileSync(join(root, campaignsPageFile), 'utf8');
	for (const { name, lines, command } of measurements) {
		const place = new RegExp(`(<!-- ${name} -->\n)[^]*?(\n<!-- end of ${name} -->)`);
		const figures = `\n\`\`\`text\n${lines.join('\n')}\n\`\`\`\n\nMeasured by \`${command}\`.\n`;
		page = page.replace(place, (_, begin: string, end: string) => begin + figures + end);
	}
	return page;
}
