import { runWithNode24 } from '../playground/install.mjs';

await runWithNode24('bench/run.mts', { n8n: true });
