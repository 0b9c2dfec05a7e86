/** The credentials that the examples name, beside the one of this package. */
import type { FakeServices } from './fakeServices.mts';
import { alertHeader } from './n8n/session.mts';
import type { N8nClient } from './n8n/n8nClient.mts';

/** The header that the webhooks of the examples ask for. */
export async function saveAlertSource(client: N8nClient): Promise<void> {
	const [name, value] = Object.entries(alertHeader)[0];
	await client.saveCredential('httpHeaderAuth', 'Alert source', { name, value });
}

/** Jira and Microsoft Teams, both at the services. */
export async function saveServiceCredentials(
	client: N8nClient,
	services: FakeServices,
): Promise<void> {
	await client.saveCredential('jiraSoftwareCloudApi', 'Jira SW Cloud account', {
		email: 'analyst@contoso.example',
		apiToken: 'none',
		domain: services.url,
	});
	await client.saveCredential('microsoftTeamsOAuth2Api', 'Microsoft Teams account', {
		clientId: 'none',
		clientSecret: 'none',
		graphApiBaseUrl: services.url,
		oauthTokenData: { access_token: 'none', token_type: 'Bearer' },
	});
}
