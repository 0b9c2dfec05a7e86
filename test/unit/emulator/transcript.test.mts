import {
	asciiJson,
	documentationSample,
	transcriptFile,
} from '../../../emulator/tenant/transcript.mts';

const id = '0c94f5d1-6a2b-4e83-b7f0-2d81a9c63e57';
const path =
	'C:\\\\ProgramData\\\\Microsoft\\\\Windows Defender Advanced Threat Protection\\\\Temp\\\\PSScriptOutputs\\\\PSScript_Transcript_{0C94F5D1-6A2B-4E83-B7F0-2D81A9C63E57}.txt';

describe('a transcript file', () => {
	it('is on Windows byte for byte what devices write', () => {
		const file = transcriptFile(
			{ scriptName: 'check.ps1', exitCode: 0, output: '', errors: '' },
			'windows',
			id,
		);

		expect(file.toString('latin1')).toBe(
			`{"script_name": "check.ps1", "exit_code": 0, "script_output": "Transcript started, output file is ${path}\\n\\u0000", "script_errors": ""}`,
		);
	});

	it('is ASCII whatever the script printed, and says the same', () => {
		const output = 'Prüfung 検査 🛡 "q" \\ \t\u001b[0m\u007f\r\n';
		const file = transcriptFile(
			{ scriptName: 'a.sh', exitCode: -1, output, errors: 'é' },
			'linux',
			id,
		);

		expect([...file].every((byte) => byte < 0x80)).toBe(true);
		expect(JSON.parse(file.toString())).toEqual({
			script_name: 'a.sh',
			exit_code: -1,
			script_output: output,
			script_errors: 'é',
		});
		expect(asciiJson('ü')).toBe('"\\u00fc"');
	});
});

describe('the sample of the documentation', () => {
	it('has a raw line feed inside a string and is not valid JSON', () => {
		const text = documentationSample(
			{ scriptName: 'minidump.ps1', exitCode: 0, output: 'C:\\a.zip\n48 MB\n', errors: '' },
			id,
		).toString('latin1');

		expect(text).toBe(
			`{ "script_name": "minidump.ps1", "exit_code": 0,\n  "script_output": "Transcript started, output file is ${path}\nC:\\\\a.zip\\n48 MB\\n\\u0000\\u0000\\u0000",\n  "script_error":"" }`,
		);
		expect(() => JSON.parse(text) as unknown).toThrow();
	});
});
