/** A user signs in through n8n's own callback, with the emulator as Microsoft Entra. */
import { editor, emulator, shareEditor } from './sharedEditor.mts';

shareEditor();

const signIns = () => emulator.requests.matching(/oauth2\/v2\.0\/(authorize|token)/, 'login');

it('connects an account, and runs a script in the name of the user', async () => {
	await editor.newWorkflow();
	await editor.addNode('Run script on device');
	const credential = await editor.newCredential('OAuth2');
	expect(await credential.fields()).toEqual([
		'OAuth Redirect URL',
		// n8n has a label of its own for a field of this name.
		'Client ID',
		'Authentication',
		'Client Secret',
		'Directory (Tenant) ID',
		'Cloud',
		'Region',
		'Calls per Minute',
		'Calls per Hour',
	]);
	await credential.fill(emulator.oAuth2Credential);
	await credential.connect();

	const [authorize, token] = signIns();
	const asked = new URL(authorize.url, emulator.loginUrl).searchParams;
	expect(Object.fromEntries(asked)).toMatchObject({
		client_id: emulator.oAuth2Credential.clientId,
		response_type: 'code',
		scope: 'https://api.securitycenter.microsoft.com/.default offline_access',
		code_challenge_method: 'S256',
		prompt: 'select_account',
	});
	expect(token).toMatchObject({ method: 'POST', status: 200 });

	await editor.pick('machineId', 'pc-fin-014.contoso.example', 'pc-fin-014.');
	await editor.pick('scriptName', 'triage.ps1');
	await editor.execute();
	expect(await editor.firstItem()).toMatchObject({ status: 'Succeeded', exit_code: '0' });
	expect(emulator.tenant.actions.all[0]).toMatchObject({ requestor: 'analyst@contoso.example' });
});

it('goes on when the token has ended, without asking anybody', async () => {
	emulator.faults.order({ kind: 'unauthorized' });
	emulator.requests.clear();
	await editor.execute();

	expect(await editor.firstItem()).toMatchObject({ status: 'Succeeded' });
	expect(signIns().map(({ method }) => method)).toEqual(['POST']);
	expect(emulator.tenant.actions.all[0]).toMatchObject({ requestor: 'analyst@contoso.example' });
});

it('says what to do when the sign-in has been revoked', async () => {
	emulator.application.revokeTokens();
	const output = await editor.execute();

	expect(await output.innerText()).toContain('The sign-in of the user has ended');
});
