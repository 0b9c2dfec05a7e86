/**
 * Repairs the two ways in which a result file can be almost JSON: raw control characters inside
 * strings, and bytes after the closing brace. Nothing else is guessed at.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * The text with raw control characters inside strings escaped and everything after the first
 * complete value cut off. Null when no value is ever completed. Time is linear in the length.
 */
export function repairJson(text: string): string | null {
	const pieces: string[] = [];
	let copied = 0;
	let depth = 0;
	let inString = false;

	for (let at = 0; at < text.length; at++) {
		const unit = text.charCodeAt(at);
		if (inString) {
			if (unit === BACKSLASH) {
				at++;
				if (text.charCodeAt(at) < 0x20) {
					pieces.push(text.slice(copied, at), `\\${escaped(text.charCodeAt(at))}`);
					copied = at + 1;
				}
			} else if (unit === QUOTE) {
				inString = false;
			} else if (unit < 0x20) {
				pieces.push(text.slice(copied, at), escaped(unit));
				copied = at + 1;
			}
			continue;
		}
		switch (text[at]) {
			case '"':
				inString = true;
				break;
			case '{':
			case '[':
				depth++;
				break;
			case '}':
			case ']':
				depth--;
				if (depth === 0) {
					pieces.push(text.slice(copied, at + 1));
					return pieces.join('');
				}
				if (depth < 0) return null;
				break;
		}
	}
	return null;
}

const escaped = (unit: number) => `\\u${unit.toString(16).padStart(4, '0')}`;
