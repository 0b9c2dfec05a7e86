import { heldFields } from '../../../nodes/DefenderLiveResponse/results/heldText';
import { UNREAD } from '../../../nodes/DefenderLiveResponse/domain/transcript';
import type { NodeContext } from '../../../nodes/DefenderLiveResponse/inputs/nodeContext';

const MEGABYTE = 1024 * 1024;

const strict = { ...UNREAD, output: 'x'.repeat(2000), parse: 'strict' as const };

/** A try of a run as n8n makes it: other functions, the same data. */
const tryOf = (run?: object) =>
	({ getNode: () => ({ name: 'node' }), getExecuteData: () => run }) as NodeContext['functions'] & {
		getExecuteData?: () => object;
	};

const isWhole = (functions: NodeContext['functions'], itemIndex: number, megabytes: number) =>
	heldFields({ functions, itemIndex }, strict, megabytes * MEGABYTE).isWhole;

it('the tries of a run hold no more text together than one', () => {
	const run = {};
	const first = tryOf(run);
	expect([0, 1, 2].map((item) => isWhole(first, item, 60))).toEqual([true, true, true]);
	const second = tryOf(run);
	expect([3, 4].map((item) => isWhole(second, item, 60))).toEqual([true, false]);
});

it('an item that is tried again counts once', () => {
	const run = {};
	for (let tries = 0; tries < 5; tries++) {
		const functions = tryOf(run);
		expect([0, 0, 1].map((item) => isWhole(functions, item, 80))).toEqual([true, true, true]);
		expect(isWhole(functions, 2, 80)).toBe(false);
	}
});

it('runs do not count for each other', () => {
	for (const functions of [tryOf({}), tryOf({})]) {
		expect(isWhole(functions, 0, 200)).toBe(true);
		expect(isWhole(functions, 1, 200)).toBe(false);
	}
});

it('polls do not count for each other, although n8n gives all of them the same functions', () => {
	const functions = tryOf();
	for (let poll = 0; poll < 3; poll++) {
		const inputs = { functions };
		const held = [200, 200].map((mb) => heldFields(inputs, strict, mb * MEGABYTE).isWhole);
		expect(held).toEqual([true, false]);
	}
});
