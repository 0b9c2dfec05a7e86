/** The way to a first result that README.md describes, word by word: names come from there alone. */
import { N8nClient } from '../../playground/n8n/n8nClient.mts';
import { N8nSession } from '../../playground/n8n/session.mts';
import { inARow, manualTrigger } from '../../playground/n8n/workflowFile.mts';
import { sharedN8n } from '../e2e/sharedN8n.mts';
import {
	credentialSteps,
	quickStartItem,
	quickStartSteps,
	type Deed,
} from '../support/quickStart.mts';
import { editor, emulator, shareEditor } from './sharedEditor.mts';

shareEditor();

const credentialName = 'Contoso';
const device = 'pc-fin-014.contoso.example';
/** What a person takes from the list of the field. */
const chosen: Record<string, string> = { Device: device, Script: 'triage.ps1' };

const FIVE_LINES = `# {{ no expression }} and no field of $json
$name = $env:COMPUTERNAME
Write-Output 'Looked at by n8n'
Write-Output "Nothing found"
exit 0`;

/** Does what README says. A script that is pasted takes the place of the one that is there. */
async function follow(deed: Deed): Promise<void> {
	switch (deed.does) {
		case 'start':
			await editor.newWorkflow();
			return await editor.begin(deed.trigger);
		case 'add':
			return await editor.addNode(deed.action, deed.node);
		case 'selectCredential':
			return await editor.selectCredential(credentialName);
		case 'chooseFromList':
			return await editor.pick(await editor.fieldLabelled(deed.field), chosen[deed.field]);
		case 'set':
			return await editor.choose(await editor.fieldLabelled(deed.field), deed.value);
		case 'choose': {
			const field = await editor.fieldLabelled(deed.field);
			await editor.choose(field, 'Bash');
			expect(await editor.text('scriptText')).toMatch(/^#!\/bin\/bash\n/);
			return await editor.choose(field, 'PowerShell');
		}
		case 'find': {
			const field = await editor.fieldLabelled(deed.field);
			expect(await editor.text(field)).toMatch(
				/^\$os = Get-CimInstance .*ConvertTo-Json[^\n]*\n$/s,
			);
			return await editor.paste(field, FIVE_LINES);
		}
		case 'press':
			await editor.execute(deed.button);
	}
}

it('makes the credential; a mistyped secret is told', async () => {
	// An n8n without any workflow shows no tabs.
	const client = new N8nClient(await N8nSession.open(sharedN8n.url()));
	await client.saveWorkflow(inARow('Somebody else’s workflow', [manualTrigger]));
	const { way, save } = credentialSteps();
	const credential = await editor.createCredential(...way);
	await credential.rename(credentialName);
	await credential.fill({ ...emulator.credential, clientSecret: 'mistyped' });
	await credential.save(save);
	expect(await credential.refusal()).toMatch(
		/did not accept the client secret.*paste its Value \(not its Secret ID\).*AADSTS7000215/,
	);
	await credential.fill({ clientSecret: emulator.credential.clientSecret });
	await credential.save(save);
	await credential.dialog.getByText('Connection tested successfully').waitFor();
});

it('step by step: a workflow, a device, a script of the library, and the item of the page', async () => {
	for (const { deeds } of quickStartSteps()) for (const deed of deeds) await follow(deed);

	const item = await editor.firstItem();
	expect(item).toMatchObject({
		computerDnsName: device,
		status: 'Succeeded',
		script_name: 'triage.ps1',
		exit_code: '0',
		output: expect.stringContaining('"hostname":"pc-fin-014"'),
		error: 'null',
	});
	expect(Object.keys(item).filter((name) => name !== '')).toEqual(Object.keys(quickStartItem()));
	expect(emulator.tenant.actions.all[0]).toMatchObject({ requestor: 'n8n Live Response' });
});

it('or with a script that is pasted', async () => {
	emulator.configure({ scripts: { allowsUnsigned: true } });
	const steps = quickStartSteps();
	const instead = steps.flatMap((step) => step.instead);
	for (const deed of [...instead, ...steps.at(-1)!.deeds]) await follow(deed);
	// Until then the item of the step before is on the screen.
	const output = editor.page.getByTestId('output-panel');
	await output
		.getByText(/n8n-[0-9a-f]{16}\.ps1/)
		.first()
		.waitFor();

	expect(await editor.firstItem()).toMatchObject({
		computerDnsName: device,
		status: 'Succeeded',
		script_name: expect.stringMatching(/^n8n-[0-9a-f]{16}\.ps1$/),
		exit_code: '0',
		// As the table shows a line break.
		output: 'Looked at by n8n\\nNothing found',
	});
	const { library } = emulator.tenant;
	const kept = library.all.filter(({ fileName }) => fileName.startsWith('n8n-'));
	expect(kept.map(({ fileName }) => String(library.get(fileName)?.content))).toEqual([FIVE_LINES]);
});
