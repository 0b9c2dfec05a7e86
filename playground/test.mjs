import { runWithNode24 } from './install.mjs';

const withoutN8n = ['unit', 'integration'];
const args = process.argv.slice(2);

await runWithNode24('playground/test.mts', {
	n8n: args.length === 0 || !args.every((part) => withoutN8n.some((name) => part.includes(name))),
});
