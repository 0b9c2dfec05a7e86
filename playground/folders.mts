import { join } from 'node:path';

/** The project's root folder. */
export const root = join(import.meta.dirname, '..');

/** What the playground makes and may be deleted at any time. */
export const workFolder = join(root, '.playground');
