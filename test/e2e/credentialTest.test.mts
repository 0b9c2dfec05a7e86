import type { CredentialValues } from '../../emulator/emulator.mts';
import type { CredentialTest } from '../../playground/n8n/workbench.mts';
import { credentialType } from '../../playground/packageNodes.mts';
import { openLab, type Lab } from './lab.mts';

describe('the credential test of the editor', () => {
	let lab: Lab;
	let allRoles: string[];

	beforeAll(async () => {
		lab = await openLab();
		allRoles = lab.emulator.application.roles;
	});

	beforeEach(() => {
		lab.emulator.requests.clear();
		lab.emulator.application.setRoles(allRoles);
	});

	afterAll(async () => await lab.stop());

	async function test(values: CredentialValues): Promise<CredentialTest> {
		const data = { ...values };
		const id = await lab.workbench.saveCredential(credentialType, values.apiUrl, data);
		return await lab.workbench.testCredential(id, credentialType, data);
	}

	it('passes with a client secret and with a certificate', async () => {
		expect(await test(lab.emulator.credential)).toMatchObject({ status: 'OK' });
		expect(await test(lab.emulator.certificateCredential)).toMatchObject({ status: 'OK' });
	});

	it('tells a wrong secret', async () => {
		const result = await test({ ...lab.emulator.credential, clientSecret: 'not-the-secret' });

		expect(result).toEqual({
			status: 'Error',
			message: expect.stringMatching(/did not accept the client secret.+AADSTS7000215/),
		});
	});

	it('tells a missing permission from a wrong secret', async () => {
		lab.emulator.application.setRoles(['Machine.LiveResponse']);

		expect(await test(lab.emulator.credential)).toEqual({
			status: 'Error',
			message: expect.stringMatching(/^Sign-in works, but the app lacks .+Machine\.ReadWrite\.All/),
		});
	});

	it('tells that no permission at all has been granted', async () => {
		lab.emulator.application.setRoles([]);

		expect(await test(lab.emulator.credential)).toEqual({
			status: 'Error',
			message: expect.stringMatching(/^Sign-in works, but the app has no permission/),
		});
	});

	it('tells a mistyped tenant before it calls anybody', async () => {
		const result = await test({ ...lab.emulator.credential, tenantId: 'not a tenant' });

		expect(result).toEqual({ status: 'Error', message: expect.stringContaining('Tenant ID') });
		expect(lab.emulator.requests.all).toEqual([]);
	});
});
