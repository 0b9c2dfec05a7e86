import { keptFileName, scriptBytes } from '../../../nodes/DefenderLiveResponse/domain/scriptText';

const MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const bytes = (...parts: Array<string | Buffer>) =>
	Buffer.concat(parts.map((part) => Buffer.from(part as string)));
const signed = (ending: string) =>
	[
		'Get-Date',
		'# SIG # Begin signature block',
		'# MIIFdgYJKoZ',
		'# SIG # End signature block',
		'',
	].join(ending);

describe('the bytes of a script in the library', () => {
	it.each([
		['bash has LF alone', 'bash', '#!/bin/bash\r\necho "ä"\r\n', bytes('#!/bin/bash\necho "ä"\n')],
		[
			'bash has no mark, which would be a part of #!',
			'bash',
			'\ufeff#!/bin/sh\n',
			bytes('#!/bin/sh\n'),
		],
		['PowerShell in ASCII is as it was pasted', 'powershell', 'Get-Date\n', bytes('Get-Date\n')],
		[
			'PowerShell with other letters has the mark without which it would be read as ANSI',
			'powershell',
			"'Prüfung'\n",
			bytes(MARK, "'Prüfung'\n"),
		],
		['PowerShell that has a mark keeps one', 'powershell', "\ufeff'ä'", bytes(MARK, "'ä'")],
		['PowerShell in ASCII needs no mark', 'powershell', '\ufeffGet-Date', bytes('Get-Date')],
		['a signed text has CRLF again', 'powershell', signed('\n'), bytes(signed('\r\n'))],
		['a signed text that has CRLF keeps it', 'powershell', signed('\r\n'), bytes(signed('\r\n'))],
		['an unsigned text has LF', 'powershell', 'a\r\nb\r\n', bytes('a\nb\n')],
		[
			'words about signatures are none',
			'powershell',
			"'# SIG # Begin signature block'\n",
			bytes("'# SIG # Begin signature block'\n"),
		],
		[
			'what looks like an expression stays',
			'bash',
			'echo {{ $json.a }} ${x}',
			bytes('echo {{ $json.a }} ${x}'),
		],
	] as const)('%s', (_what, type, text, expected) => {
		expect(scriptBytes(type, text)).toEqual(expected);
	});
});

it('a script is named by its content and by what runs it', () => {
	const sha256 = '6e212a0db618507c44e4ec8ee7499dfef7e5767e5f8d31144df3b96fd1145caf';
	expect(keptFileName('powershell', sha256)).toBe('n8n-6e212a0db618507c.ps1');
	expect(keptFileName('bash', sha256)).toBe('n8n-6e212a0db618507c.sh');
});
