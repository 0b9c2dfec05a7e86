import { runWithNode24 } from '../playground/install.mjs';

await runWithNode24('bench/model/scale.mts', { n8n: false });
