import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { installPackage, packPackage } from '../../playground/communityPackage.mts';
import { workFolder } from '../../playground/folders.mts';
import { startN8n } from '../../playground/n8n/n8n.mts';
import { sharedN8n } from './sharedN8n.mts';

/** A fresh n8n with the packed package, as a user has it after installing both. */
export default async function startSharedN8n(): Promise<void> {
	const userFolder = join(workFolder, 'e2e');
	rmSync(userFolder, { recursive: true, force: true });
	await installPackage(await packPackage(), userFolder);
	sharedN8n.offer(await startN8n({ userFolder }));
}
