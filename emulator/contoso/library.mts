import type { Library, LibraryFileOptions } from '../tenant/library.mts';
import type { ScriptRun } from '../tenant/script.mts';
import { documentationSample } from '../tenant/transcript.mts';
import { triageReport } from '../tenant/uploadedScript.mts';

const transcriptId = '5b1e2c0a-7d34-4f19-9a6e-c2d84b0f7716';

/** What a triage script prints: JSON about the device it ran on. */
const triage = (run: ScriptRun) => ({
	output: `${JSON.stringify(triageReport(run))}\n`,
	durationSeconds: 6,
});

/** Writes a file that GetFile can fetch in the same session, as Microsoft's example does. */
function minidump({ device, args }: ScriptRun) {
	const path = `C:\\windows\\TEMP\\${args || 'lsass'}.dmp.zip`;
	device.files.set(path, Buffer.from('PK\x03\x04 memory dump of a process', 'latin1'));
	return { output: `${path}\n51 MB\n`, durationSeconds: 8 };
}

const files: LibraryFileOptions[] = [
	{
		fileName: 'triage.ps1',
		description: 'Collects users, processes and connections as JSON',
		behaviour: triage,
	},
	{
		fileName: 'minidump.ps1',
		description: 'Dumps the memory of a process',
		hasParameters: true,
		parametersDescription: 'The name of the process',
		behaviour: minidump,
	},
	{ fileName: 'hello.sh', behaviour: { output: 'Hello from Defender\n' } },
	{
		fileName: 'fails.ps1',
		description: 'Ends with exit code 1',
		behaviour: {
			exitCode: 1,
			output: 'Stopping service Spooler...\n',
			errors:
				"Stop-Service : Service 'Print Spooler (Spooler)' cannot be stopped due to the following error: Access is denied.\n",
		},
	},
	{
		fileName: 'slow.ps1',
		description: 'Takes two minutes',
		behaviour: { output: 'done\n', durationSeconds: 120 },
	},
	{
		fileName: 'hangs.ps1',
		description: 'Runs into the time limit of ten minutes',
		behaviour: { durationSeconds: 3600 },
	},
	{
		fileName: 'unsigned.ps1',
		description: 'Not signed',
		isSigned: false,
		behaviour: { output: 'ran unsigned\n', durationSeconds: 1 },
	},
	{ fileName: 'no-output.ps1', behaviour: {} },
	{ fileName: 'exit-323.ps1', behaviour: { exitCode: 323, output: 'hash mismatch\n' } },
	{
		fileName: 'unicode.ps1',
		behaviour: { output: 'Prüfung läuft … 検査 🛡\tTab "quoted" \\ backslash\r\n' },
	},
	{ fileName: 'colours.ps1', behaviour: { output: '\u001b[31mred\u001b[0m\u0007 text\u202e\n' } },
	{
		fileName: 'long-output.ps1',
		behaviour: {
			output: 'One line of a long listing, about sixty characters wide..\n'.repeat(20_000),
		},
	},
	{
		fileName: 'raw-line-feed.ps1',
		description: 'The transcript is not valid JSON',
		behaviour: {
			raw: documentationSample(
				{ scriptName: 'raw-line-feed.ps1', exitCode: 0, output: 'one\ntwo\n', errors: '' },
				transcriptId,
			),
		},
	},
	{
		fileName: 'utf16.ps1',
		description: 'The transcript is UTF-16 with a byte order mark',
		behaviour: {
			raw: Buffer.from(
				'\ufeff{"script_name": "utf16.ps1", "exit_code": 0, "script_output": "sixteen\\n", "script_errors": ""}',
				'utf16le',
			),
		},
	},
	{
		fileName: 'not-a-transcript.ps1',
		behaviour: { raw: Buffer.from('The agent wrote plain text.\n') },
	},
	{ fileName: 'tool.exe', description: 'Something to put on a device' },
];

/** Contoso's live response library: useful scripts and the odd ones that break parsers. */
export function addContosoLibrary(target: Library): void {
	for (const file of files) target.add({ content: `# ${file.fileName}\n`, ...file });
}
