import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from '../playground/folders.mts';

const prettier = join(root, 'node_modules/prettier/bin/prettier.cjs');

/** As `npm run lint` wants the file to be. @param file relative to the project */
export const formatted = (text: string, file: string): string =>
	execFileSync(process.execPath, [prettier, '--stdin-filepath', file], {
		cwd: root,
		input: text,
		encoding: 'utf8',
	});

/** @param file relative to the project */
export function writeFormatted(file: string, text: string): void {
	writeFileSync(join(root, file), formatted(text, file));
}
