import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { installPackage, packPackage } from '../../playground/communityPackage.mts';
import { workFolder } from '../../playground/folders.mts';
import { startN8n } from '../../playground/n8n/n8n.mts';
import { spreadOf, type Spread } from '../bench.mts';

/** Milliseconds until n8n answers. */
export interface Starts {
	readonly without: Spread;
	readonly with: Spread;
}

const rounds = 5;

/** n8n's start without and with the package, in turns; the first one of each makes the database. */
export async function compareStarts(): Promise<Starts> {
	const tarball = await packPackage();
	const times = { without: [] as number[], with: [] as number[] };
	for (let round = -1; round < rounds; round += 1) {
		for (const which of ['without', 'with'] as const) {
			const userFolder = join(workFolder, `soak-start-${which}`);
			if (round < 0) {
				rmSync(userFolder, { recursive: true, force: true });
				if (which === 'with') await installPackage(tarball, userFolder);
			}
			const began = Date.now();
			const n8n = await startN8n({ userFolder });
			if (round >= 0) times[which].push(Date.now() - began);
			await n8n.stop();
		}
	}
	return { without: spreadOf(times.without), with: spreadOf(times.with) };
}
