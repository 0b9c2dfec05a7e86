/**
 * `node playground/run.mjs words`: prints every text that a user can see, in the order of the sources, to
 * be read from top to bottom. `…` stands for what is known only at run time.
 */
import { sourceWords } from '../test/support/sourceWords.mts';

let file = '';
for (const { text, where } of sourceWords()) {
	const [name, line] = where.split(':');
	if (name !== file) console.log(`\n${name}`);
	file = name;
	console.log(`${line.padStart(5)}  ${text}`);
}
