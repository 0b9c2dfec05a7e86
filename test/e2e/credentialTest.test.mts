import type { CredentialValues } from '../../emulator/emulator.mts';
import type { CredentialTest } from '../../playground/n8n/n8nClient.mts';
import { credentialType } from '../../playground/packageNodes.mts';
import { openTestBed, type TestBed } from './testBed.mts';

describe('the credential test of the editor', () => {
	let testBed: TestBed;
	let allRoles: string[];

	beforeAll(async () => {
		testBed = await openTestBed();
		allRoles = testBed.emulator.application.roles;
	});

	beforeEach(() => {
		testBed.emulator.requests.clear();
		testBed.emulator.application.setRoles(allRoles);
	});

	afterAll(async () => await testBed.stop());

	async function test(values: CredentialValues): Promise<CredentialTest> {
		const data = { ...values };
		const id = await testBed.client.saveCredential(credentialType, values.apiUrl, data);
		return await testBed.client.testCredential(id, credentialType, data);
	}

	it('passes with a client secret and with a certificate', async () => {
		expect(await test(testBed.emulator.credential)).toMatchObject({ status: 'OK' });
		expect(await test(testBed.emulator.certificateCredential)).toMatchObject({ status: 'OK' });
	});

	it('tells a wrong secret', async () => {
		const result = await test({ ...testBed.emulator.credential, clientSecret: 'not-the-secret' });

		expect(result).toEqual({
			status: 'Error',
			message: expect.stringMatching(/did not accept the client secret.+AADSTS7000215/),
		});
	});

	it('tells a missing permission from a wrong secret', async () => {
		testBed.emulator.application.setRoles(['Machine.LiveResponse']);

		expect(await test(testBed.emulator.credential)).toEqual({
			status: 'Error',
			message: expect.stringMatching(/^Sign-in works, but the app lacks .+Machine\.ReadWrite\.All/),
		});
	});

	it('tells that no permission at all has been granted', async () => {
		testBed.emulator.application.setRoles([]);

		expect(await test(testBed.emulator.credential)).toEqual({
			status: 'Error',
			message: expect.stringMatching(/^Sign-in works, but the app has no permission/),
		});
	});

	it('tells a mistyped tenant before it calls anybody', async () => {
		const result = await test({ ...testBed.emulator.credential, tenantId: 'not a tenant' });

		expect(result).toEqual({
			status: 'Error',
			message: expect.stringContaining('Directory (Tenant) ID'),
		});
		expect(testBed.emulator.requests.all).toEqual([]);
	});
});
