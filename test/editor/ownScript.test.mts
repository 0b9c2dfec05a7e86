/** A script that nobody has put into a library: from the empty workflow to its output on the screen. */
import type { Emulator } from '../../emulator/emulator.mts';
import { packageName } from '../../playground/communityPackage.mts';
import { N8nClient } from '../../playground/n8n/n8nClient.mts';
import { N8nSession } from '../../playground/n8n/session.mts';
import { sharedN8n } from '../e2e/sharedN8n.mts';
import { shareEditor, type Editor } from './editor.mts';

jest.setTimeout(300_000);

let emulator: Emulator;
let editor: Editor;

shareEditor((openEditor, startedEmulator) => {
	editor = openEditor;
	emulator = startedEmulator;
});

const FIVE_LINES = `# {{ no expression }} and no field of $json
$name = $env:COMPUTERNAME
Write-Output 'Looked at by n8n'
Write-Output "Nothing found"
exit 0`;

it('drops the node, pastes five lines, chooses a device, runs, and reads the output', async () => {
	emulator.configure({ scripts: { allowsUnsigned: true } });
	await editor.newWorkflow();
	await editor.addNode('Run script on device');
	const credential = await editor.newCredential('App Registration');
	await credential.fill({ ...emulator.credential });
	await credential.save();
	await credential.dialog.waitFor({ state: 'hidden' });

	await editor.pick('machineId', 'pc-fin-014.contoso.example', 'pc-fin-014.');
	await editor.choose('scriptSource', 'Text');
	const preset = await editor.text('scriptText');
	await editor.choose('scriptType', 'Bash');
	const presetOfBash = await editor.text('scriptText');
	await editor.choose('scriptType', 'PowerShell');
	await editor.paste('scriptText', FIVE_LINES);
	await editor.execute();

	expect(preset).toMatch(/^\$os = Get-CimInstance .*ConvertTo-Json[^\n]*\n$/s);
	expect(presetOfBash).toMatch(/^#!\/bin\/bash\n/);
	expect(await editor.firstItem()).toMatchObject({
		computerDnsName: 'pc-fin-014.contoso.example',
		status: 'Succeeded',
		script_name: expect.stringMatching(/^n8n-[0-9a-f]{16}\.ps1$/),
		exit_code: '0',
		output: 'Looked at by n8n\nNothing found',
	});
	const kept = emulator.tenant.library.all.filter(({ fileName }) => fileName.startsWith('n8n-'));
	expect(
		kept.map(({ fileName }) => String(emulator.tenant.library.get(fileName)?.content)),
	).toEqual([FIVE_LINES]);
});

it('as a tool of an agent it has no field for a text', async () => {
	const client = new N8nClient(await N8nSession.open(sharedN8n.url()));
	const tool = {
		id: '1',
		name: 'Run a script',
		type: `${packageName}.defenderLiveResponseTool`,
		typeVersion: 1,
		position: [0, 0] as [number, number],
		parameters: { resource: 'liveResponse', operation: 'runScript' },
	};
	const workflowId = await client.saveWorkflow({
		name: 'A tool',
		nodes: [tool],
		connections: {},
	});
	await editor.openWorkflow(workflowId);
	await editor.openNode(tool.name);
	await editor.page.getByTestId('resource-locator-scriptName').waitFor();

	const fields = await editor.fields();
	expect(fields).toContain('Arguments');
	expect(fields.filter((field) => /^Script (Source|Type|Text)$/.test(field))).toEqual([]);
});
