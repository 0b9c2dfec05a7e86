// `npm run guards` on any Node from 20.
import { runWithNode24 } from '../../playground/install.mjs';

await runWithNode24('test/guards/run.mts', { n8n: false });
