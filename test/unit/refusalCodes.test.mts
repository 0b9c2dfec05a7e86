/** Every code that a failed item can have is documented, and met by a test. */
import { REFUSAL_CODES } from '../../nodes/DefenderLiveResponse/domain/refusalCode';
import { refusalRows } from '../integration/refusals/rows.mts';
import { readMarkdown } from '../support/markdown.mts';
import { thrownCodes } from '../support/thrownCodes.mts';

const thrown = thrownCodes();
const inOrder = REFUSAL_CODES.filter((code) => thrown.includes(code));

it('the sources give codes of the list only', () => {
	expect(thrown.filter((code) => !(REFUSAL_CODES as readonly string[]).includes(code))).toEqual([]);
	expect(thrown.length).toBeGreaterThan(20);
});

it('docs/operations.md says of each code what to do, and of no other', () => {
	const table = readMarkdown('docs/operations.md').tables.find(
		({ rows: [[head]] }) => head === '`details.code`',
	);
	const rows = table?.rows.slice(1) ?? [];
	expect(rows.map(([code]) => code)).toEqual(inOrder.map((code) => `\`${code}\``));
	for (const cells of rows) expect(cells.filter((cell) => cell === '')).toEqual([]);
});

it('each code is met under the emulator', () => {
	expect(refusalRows.map(({ code }) => code)).toEqual(inOrder);
});
