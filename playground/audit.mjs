import { runWithNode24 } from './install.mjs';

await runWithNode24('playground/audit.mts', { n8n: false });
