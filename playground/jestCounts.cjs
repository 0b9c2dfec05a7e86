/**
 * A reporter for jest that writes the counts of a run into the file COUNTS_FILE. `--json` writes everything
 * that was thrown as well, and breaks off at an error that holds itself, as that of an HTTP request does.
 */
const { writeFileSync } = require('node:fs');

module.exports = class JestCounts {
	onRunComplete(_contexts, results) {
		const counts = Object.entries(results).filter(([, value]) => typeof value === 'number');
		writeFileSync(process.env.COUNTS_FILE, JSON.stringify(Object.fromEntries(counts)));
	}
};
