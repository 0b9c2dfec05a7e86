import { runWithNode24 } from './install.mjs';

await runWithNode24('playground/demo.mts', { n8n: true });
