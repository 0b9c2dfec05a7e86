/** A script that a workflow carries as text: its bytes as they go into the library, and its name there. */
import { withoutByteOrderMark } from './resultText';

export type ScriptType = 'bash' | 'powershell';

const BYTE_ORDER_MARK = '\ufeff';

/**
 * n8n's editor turns CRLF into LF. A signature is that of the text with CRLF, as signing tools write it.
 * Windows PowerShell takes a file without a mark for ANSI, and bash takes a mark for a part of the
 * first command.
 *
 * https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.core/about/about_character_encoding
 */
export function scriptBytes(type: ScriptType, text: string): Buffer {
	const lines = withoutByteOrderMark(text).replaceAll('\r\n', '\n');
	switch (type) {
		case 'bash':
			return Buffer.from(lines);
		case 'powershell': {
			const ended = isSigned(lines) ? lines.replaceAll('\n', '\r\n') : lines;
			return Buffer.from(isAscii(ended) ? ended : BYTE_ORDER_MARK + ended);
		}
	}
}

/** https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.core/about/about_signing */
const isSigned = (text: string): boolean => /^# SIG # Begin signature block\s*$/m.test(text);

const isAscii = (text: string): boolean => !/[^\0-\x7f]/.test(text);

const ENDINGS: Record<ScriptType, string> = { bash: 'sh', powershell: 'ps1' };

/** Named by its bytes: a change makes another file, and a file of this name is always the same. */
export const keptFileName = (type: ScriptType, sha256: string): string =>
	`n8n-${sha256.slice(0, 16)}.${ENDINGS[type]}`;
