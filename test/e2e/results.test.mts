import { contosoActions } from '../../emulator/emulator.mts';
import { nodeName, openTestBed, type TestBed } from './testBed.mts';

const bothForms = [
	{ machineActionId: contosoActions.realTranscript },
	{ machineActionId: contosoActions.documentationSample },
];

describe('a workflow that reads live response results', () => {
	let testBed: TestBed;

	beforeAll(async () => {
		testBed = await openTestBed();
	});

	afterAll(async () => await testBed.stop());

	it('gives exit code, output and error of each result, in input order', async () => {
		const execution = await testBed.run({ items: bothForms });

		expect(execution.status).toBe('success');
		expect(execution.json(nodeName)).toEqual([
			{
				machineActionId: contosoActions.realTranscript,
				commandIndex: 0,
				script_name: 'patch_check.ps1',
				exit_code: 0,
				output: '',
				transcript_path: expect.stringMatching(/^C:\\.*PSScript_Transcript_\{.+\}\.txt$/),
				error: null,
				parse: 'strict',
			},
			{
				machineActionId: contosoActions.documentationSample,
				commandIndex: 0,
				script_name: 'minidump.ps1',
				exit_code: 0,
				output: 'C:\\windows\\TEMP\\notepad.dmp.zip\n48 MB',
				transcript_path: expect.stringMatching(/^C:\\.*PSScript_Transcript_\{.+\}\.txt$/),
				error: null,
				parse: 'repaired',
			},
		]);
		expect(execution.items(nodeName).map((item) => item.pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
		]);
	});

	it('gives a failed script as a result, not as a failure of the workflow', async () => {
		const execution = await testBed.run({
			items: [{ machineActionId: contosoActions.exitCodeOne }],
		});

		expect(execution.status).toBe('success');
		expect(execution.json(nodeName)).toMatchObject([
			{ exit_code: 1, error: expect.stringContaining('Access is denied') },
		]);
	});

	it('signs in with a certificate', async () => {
		testBed.emulator.requests.clear();

		const execution = await testBed.run({
			items: bothForms,
			credential: testBed.emulator.certificateCredential,
		});

		expect(execution.status).toBe('success');
		expect(execution.json(nodeName)).toHaveLength(2);
		const [signIn] = testBed.emulator.requests.matching(/oauth2/, 'login');
		expect(signIn.body).toContain('client_assertion=');
		expect(signIn.body).not.toContain('client_secret=');
	});

	it('asks for a new link when the one it got has expired', async () => {
		testBed.emulator.requests.clear();
		testBed.emulator.faults.order({ kind: 'expiredLink' });

		const execution = await testBed.run({ items: [bothForms[0]] });

		expect(execution.status).toBe('success');
		expect(execution.json(nodeName)).toMatchObject([{ exit_code: 0, error: null }]);
		expect(testBed.emulator.requests.matching(/GetLiveResponseResultDownloadLink/)).toHaveLength(2);
	});
});
