import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { join } from 'node:path';

import { root } from '../playground/folders.mts';

/** On what, when and beside how much else something was measured. */
export interface Circumstances {
	/** Year, month and day. */
	readonly date: string;
	/** Of this project, as `git describe` names it; null outside of a clone. */
	readonly commit: string | null;
	readonly machine: string;
	readonly software: string;
	/**
	 * Processes that ran or waited to run, on an average of one minute, the measurement's own
	 * included; null where nobody recorded it.
	 */
	readonly load: { readonly start: number; readonly end: number } | null;
}

/** To be called at the start. @returns what to call at the end */
export function observeCircumstances(): () => Circumstances {
	const start = loadavg()[0];
	const before = { ...surroundings(), commit: commit() };
	return () => ({ ...before, load: { start, end: loadavg()[0] } });
}

/** The same as two lines, for the terminal. */
export function machineAndSoftware(): string {
	const { date, machine, software } = surroundings();
	return `${machine}\n${software}, ${date}`;
}

function surroundings(): Pick<Circumstances, 'date' | 'machine' | 'software'> {
	const processors = cpus();
	const memory = (totalmem() / 2 ** 30).toFixed(0);
	const [packageVersion, n8nVersion] = [root, join(root, 'playground/node_modules/n8n')].map(
		(folder) =>
			(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string })
				.version,
	);
	return {
		date: new Date().toISOString().slice(0, 10),
		machine: `${processors.length} x ${processors[0].model.trim()}, ${memory} GiB, ${process.platform} ${release()}`,
		software: `Node.js ${process.versions.node}, n8n ${n8nVersion}, this package ${packageVersion}`,
	};
}

function commit(): string | null {
	try {
		return execFileSync('git', ['describe', '--always', '--dirty', '--exclude', '*'], {
			cwd: root,
			encoding: 'utf8',
			stdio: ['ignore', 'pipe', 'ignore'],
		}).trim();
	} catch {
		return null;
	}
}
