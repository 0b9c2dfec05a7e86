import type { ScriptBehaviour, ScriptRun } from './script.mts';

/** https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_signing */
export const isSigned = (content: Buffer): boolean =>
	/^# SIG # Begin signature block/m.test(content.toString());

/**
 * What a script that was uploaded does. Nothing is run: lines that print a fixed text and `exit` are
 * taken at their word, and a script that prints JSON prints a triage report.
 */
export function behaviourOf(fileName: string, content: Buffer): ScriptBehaviour {
	const text = content.toString().replaceAll('\r\n', '\n');
	const exitCode = Number(/^\s*exit\s+(\d+)\s*$/m.exec(text)?.[1] ?? 0);
	if (/ConvertTo-Json|\b(?:echo|printf)\s+["']?\{/.test(text)) {
		return (run) => ({ exitCode, output: `${JSON.stringify(triageReport(run))}\n` });
	}
	const printed = text.matchAll(/^\s*(?:echo|Write-Output)\s+(["']?)([^$`\n]*?)\1\s*$/gm);
	const output = [...printed].map(([, , words]) => `${words}\n`).join('');
	return { exitCode, output: output || `${fileName} ran.\n` };
}

/** Facts about a device, as triage scripts gather them. */
export function triageReport({ device }: ScriptRun): object {
	const { computerDnsName, osPlatform, version } = device.machine;
	return {
		hostname: computerDnsName?.split('.')[0],
		os: `${osPlatform} ${version}`,
		loggedOnUsers: ['CONTOSO\\m.rossi'],
		suspiciousProcesses: [{ name: 'rundll32.exe', pid: 4812, parent: 'winword.exe' }],
		openConnections: [{ remote: '203.0.113.66:443', process: 'rundll32.exe' }],
	};
}
