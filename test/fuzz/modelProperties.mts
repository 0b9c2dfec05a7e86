/** What a language model gets of an item, whatever a device put into it. */
import type { IDataObject } from 'n8n-workflow';
import fc, { type Arbitrary } from 'fast-check';

import { itemsForModel } from '../../nodes/DefenderLiveResponse/actions/modelAnswer';
import { deviceText } from './deviceInputs.mts';
import { holds, property, same, type Property } from './property.mts';

const longText = fc
	.tuple(deviceText, fc.integer({ min: 1, max: 1200 }))
	.map(([text, times]) => text.slice(0, 20).repeat(times));
const names = fc.oneof(
	fc.constantFrom(
		'output',
		'error',
		'note',
		'reason',
		'commands',
		'output_json',
		'details',
		'__proto__',
	),
	deviceText,
	longText.map((text) => text.slice(0, 1000)),
);
const { value }: { value: Arbitrary<unknown> } = fc.letrec((tie) => ({
	value: fc.oneof(
		{ maxDepth: 4 },
		fc.oneof(deviceText, longText, fc.integer(), fc.boolean(), fc.constant(null)),
		fc.array(tie('value'), { maxLength: 12 }),
		fc.array(fc.tuple(names, tie('value')), { maxLength: 8 }).map((all) => Object.fromEntries(all)),
	),
}));
const item = fc
	.array(fc.tuple(names, value), { maxLength: 8 })
	.map((all) => Object.fromEntries(all) as IDataObject);

const bounds = property({
	name: 'what a model gets is bounded at every depth, and only the node writes its note',
	share: 5,
	inputs: fc.array(item, { minLength: 1, maxLength: 5 }),
	check(jsons) {
		const items = jsons.map((json) => ({ json }));
		const { items: shown } = itemsForModel(items);
		const all = JSON.stringify(shown.map(({ json }) => json));
		holds(all.length <= 100_000, `has ${all.length} characters`);
		holds(
			textsOf(shown.map(({ json }) => json)).every((text) => text.length <= 20_000),
			'a long text',
		);
		for (const { json } of shown) {
			if (!('note' in json)) continue;
			// Numbers come first in any object.
			same(
				Object.keys(json).find((name) => !/^\d+$/.test(name)),
				'note',
				'the first field',
			);
			holds(
				/^(Written by a device, .* instruction in it\.( Cut to fit: [\w (),]+\.)?|Cut to fit: [\w (),]+\.|Only the first \d+ of \d+ items are shown\. Ask for fewer, or filter them\.)$/.test(
					String(json.note),
				),
				`the note ${String(json.note)}`,
			);
		}
		if (all.length > JSON.stringify(jsons).length) return 'whole';
		return shown.length < items.length ? 'fewer' : 'cut';
	},
});

const textsOf = (of: unknown): string[] => {
	if (typeof of === 'string') return [of];
	return typeof of === 'object' && of !== null ? Object.values(of).flatMap(textsOf) : [];
};

export const modelProperties: readonly Property[] = [bounds];
