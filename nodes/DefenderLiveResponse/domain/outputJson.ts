/** JSON that a script printed, in a form that is safe to hand on. */
import { hasTooManyTokens } from './jsonTokens';
import { withoutByteOrderMark } from './resultText';

/** Deeper values break n8n, which copies items level by level. */
const DEEPEST = 200;

/**
 * The value, or undefined when the text is no JSON, nested more than 200 levels deep, or has more
 * than 500,000 tokens. Keys named
 * `__proto__` are left out: copied into another object, they would change what it inherits.
 */
export function jsonOfDevice(text: string): unknown {
	if (hasTooManyTokens(text)) return undefined;
	try {
		const value: unknown = JSON.parse(withoutByteOrderMark(text));
		return isSafe(value, DEEPEST) ? value : undefined;
	} catch {
		return undefined;
	}
}

/** Whether it is no deeper than `levels`; takes out what must not be in it. */
function isSafe(value: unknown, levels: number): boolean {
	if (typeof value !== 'object' || value === null) return true;
	if (levels === 0) return false;
	if (Object.hasOwn(value, '__proto__')) Reflect.deleteProperty(value, '__proto__');
	return Object.values(value).every((inner) => isSafe(inner, levels - 1));
}
