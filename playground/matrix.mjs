import { runWithNode24 } from './install.mjs';

await runWithNode24('playground/matrix/matrix.mts', { n8n: false });
