import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The Chromium of this machine; undefined when there is none. */
export function findChromium(): string | undefined {
	const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
	return (process.env.PATH ?? '')
		.split(delimiter)
		.flatMap((folder) => names.map((name) => join(folder, name)))
		.find((file) => existsSync(file));
}
