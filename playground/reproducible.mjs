import { runWithNode24 } from './install.mjs';

await runWithNode24('playground/reproducible.mts', { n8n: false });
