import { runWithNode24 } from '../playground/install.mjs';

await runWithNode24('bench/soak/soak.mts', { n8n: true });
