/** What a person meets who has just installed the package: the search box, a busy device, the trigger. */
import { editor, emulator, shareEditor } from './sharedEditor.mts';

shareEditor();

it('finds the node by what people type', async () => {
	await editor.newWorkflow();
	for (const words of ['defender', 'live response', 'run script', 'microsoft defender']) {
		expect([words, (await editor.search(words))[0]]).toEqual([words, 'Defender Live Response']);
	}
	// n8n's search is fuzzy: short words come after products that have their letters in their names.
	for (const words of ['mde', 'edr']) {
		expect((await editor.search(words)).slice(0, 4)).toContain('Defender Live Response');
	}
});

it('is told which machine action keeps a device busy, and what to do', async () => {
	await editor.newWorkflow();
	await editor.addNode('Run script on device');
	const credential = await editor.newCredential('App Registration');
	await credential.fill({ ...emulator.credential });
	await credential.save();
	await credential.dialog.waitFor({ state: 'hidden' });
	await editor.pick('machineId', 'pc-fin-014.contoso.example', 'pc-fin-014.');
	await editor.pick('scriptName', 'triage.ps1');
	const { machines, actions } = emulator.tenant;
	const device = machines.all.find(({ machine }) =>
		machine.computerDnsName?.startsWith('pc-fin-014.'),
	);
	const busyWith = actions.add({
		machineId: device!.machine.id,
		status: 'InProgress',
		commands: [{ type: 'RunScript', scriptName: 'triage.ps1' }],
	});

	const output = await editor.execute();

	await output.getByText(`This device is busy with machine action ${busyWith}`).first().waitFor();
	expect(await output.innerText()).toMatch(/When Device Is Busy/);
});

it('adds the trigger, tries it, and sees the live response that would start the workflow', async () => {
	emulator.tenant.actions.add({
		createdSecondsAgo: 1,
		tookSeconds: 1,
		commands: [
			{ type: 'RunScript', scriptName: 'triage.ps1', transcript: { output: 'from the trigger' } },
		],
	});
	await emulator.settled();
	await editor.newWorkflow();
	await editor.addTrigger();
	const credential = await editor.newCredential('App Registration');
	await credential.fill({ ...emulator.credential });
	await credential.save();
	await credential.dialog.waitFor({ state: 'hidden' });

	await editor.execute();

	expect(await editor.firstItem()).toMatchObject({
		script_name: 'triage.ps1',
		output: 'from the trigger',
	});
});
