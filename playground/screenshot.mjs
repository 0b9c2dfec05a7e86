import { runWithNode24 } from './install.mjs';

await runWithNode24('playground/screenshot.mts', { n8n: true });
