/** `{{ new Date() }}`, or `{{ $now }}`: n8n's expressions give the dates of Luxon. */
export type DateValue = Date | { toISO(): string };

export function isDate(value: unknown): value is DateValue {
	if (value instanceof Date) return !Number.isNaN(value.getTime());
	return typeof value === 'object' && value !== null && Reflect.get(value, 'isValid') === true
		? typeof Reflect.get(value, 'toISO') === 'function'
		: false;
}

export const isoText = (date: DateValue): string =>
	date instanceof Date ? date.toISOString() : date.toISO();
