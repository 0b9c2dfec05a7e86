/** What people see before the first run: what their credential can do, and which fields will come out. */
import { allRoles } from '../../emulator/entra/application.mts';
import { packageName } from '../../playground/communityPackage.mts';
import { N8nClient } from '../../playground/n8n/n8nClient.mts';
import { N8nSession } from '../../playground/n8n/session.mts';
import { credentialType } from '../../playground/packageNodes.mts';
import { sharedN8n } from '../e2e/sharedN8n.mts';
import { editor, emulator, shareEditor } from './sharedEditor.mts';

shareEditor();

it('Check names the permissions that are missing, the device that is busy, and what to do', async () => {
	const missing = ['Machine.LiveResponse', 'Library.Manage'];
	emulator.application.setRoles(allRoles.filter((role) => !missing.includes(role)));
	await editor.newWorkflow();
	await editor.addNode('Check connection');
	const credential = await editor.newCredential('App Registration');
	await credential.fill({ ...emulator.credential });
	await credential.save();
	// The credential's own test passes: an app that cannot do everything can still read.
	await credential.dialog.waitFor({ state: 'hidden' });
	await editor.pick('machineId', 'pc-fin-014.contoso.example', 'pc-fin-014.');
	const { machines, actions } = emulator.tenant;
	const busyWith = actions.add({
		machineId: machines.find('pc-fin-014.contoso.example')!.machine.id,
		status: 'InProgress',
		commands: [{ type: 'RunScript', scriptName: 'triage.ps1' }],
	});

	const output = await editor.execute();

	await output.getByText('startLiveResponse').first().waitFor();
	const text = await output.innerText();
	for (const permission of missing) {
		expect(text).toContain(`Application permissions, add ${permission}`);
	}
	expect(text).toContain(`busy with machine action ${busyWith}`);
	expect(text).not.toContain('add Machine.ReadWrite.All');
});

it('the next node shows the fields of a script before anything was run', async () => {
	const client = new N8nClient(await N8nSession.open(sharedN8n.url()));
	await client.saveCredential(credentialType, 'Preview', { ...emulator.credential });
	const workflowId = await client.saveWorkflow({
		name: 'Preview',
		nodes: [
			{
				id: '1',
				name: 'Run triage',
				type: `${packageName}.defenderLiveResponse`,
				typeVersion: 1,
				position: [0, 0],
				parameters: { resource: 'liveResponse', operation: 'runScript' },
				credentials: { [credentialType]: { id: '', name: 'Preview' } },
			},
			{
				id: '2',
				name: 'Next',
				type: 'n8n-nodes-base.set',
				typeVersion: 3.4,
				position: [240, 0],
				parameters: {},
			},
		],
		connections: { 'Run triage': { main: [[{ node: 'Next', type: 'main', index: 0 }]] } },
	});
	await editor.openWorkflow(workflowId);
	await editor.openNode('Next');
	const input = editor.page.getByTestId('ndv-input-panel');
	for (const field of ['exit_code', 'output', 'error', 'comment']) {
		await input.getByText(field, { exact: true }).first().waitFor();
	}
});
