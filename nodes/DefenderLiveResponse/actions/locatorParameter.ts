import type { ItemContext } from './operation';

export interface LocatorValue {
	value: string;
	/** Undefined when an expression gave a plain value for the whole field. */
	mode: string | undefined;
}

/** The value of a resource locator together with the mode it was entered in. */
export function locatorParameter(context: ItemContext, name: string): LocatorValue {
	const given: unknown = context.functions.getNodeParameter(name, context.itemIndex, '');
	if (typeof given !== 'object' || given === null) {
		return { value: String(given ?? '').trim(), mode: undefined };
	}
	const { value, mode } = given as { value?: unknown; mode?: unknown };
	return {
		value: String(value ?? '').trim(),
		mode: typeof mode === 'string' ? mode : undefined,
	};
}
