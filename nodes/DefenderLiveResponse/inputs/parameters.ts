/** Reading the fields of one item, whatever an expression gave for them. */
import type { NodeContext } from './nodeContext';

/** The value of a resource locator, whichever way it was chosen. */
export function locatorParameter(context: NodeContext, name: string): string {
	const value = context.parameter(name, '', { extractValue: true });
	return String(value ?? '').trim();
}

/** A text field; empty when the operation does not show it. */
export function textParameter(context: NodeContext, name: string): string {
	return String(context.parameter(name, '') ?? '').trim();
}

/** A boolean field, or its default when the operation does not show it. */
export function booleanParameter(context: NodeContext, name: string, fallback: boolean): boolean {
	return context.parameter(name, fallback) === true;
}

/** One entry of the `options` collection, or its default when the user did not add it. */
export function option<T extends string | number | boolean>(
	context: NodeContext,
	name: string,
	fallback: T,
): T {
	const value = context.parameter(`options.${name}`, fallback);
	return typeof value === typeof fallback ? (value as T) : fallback;
}
