import type { ICredentialTestRequest } from 'n8n-workflow';

import { apiUrlExpression } from './cloudExpressions';

/**
 * The cheapest call that needs the permission results are read with. Signing in comes first and has
 * its own messages; these rules are for a token that Defender does not take.
 * https://learn.microsoft.com/defender-endpoint/api/get-machineactions-collection
 */
export const connectionTest: ICredentialTestRequest = {
	request: {
		baseURL: apiUrlExpression('$credentials'),
		url: '/machineactions?$top=1',
		method: 'GET',
	},
	rules: [
		rule(
			403,
			"Sign-in works, but the app lacks the permission Machine.ReadWrite.All. In the Microsoft Entra admin center, open App registrations > your app > API permissions > Add a permission > APIs my organization uses > WindowsDefenderATP > Application permissions, add it, choose Grant admin consent, and test again in a minute. With Custom, the field 'Token Resource' may also belong to another API",
		),
		rule(
			401,
			"Sign-in works, but Defender does not accept the token. Check that the field 'Cloud' is the tenant's cloud, and with Custom that the field 'Token Resource' belongs to the API",
		),
		rule(
			404,
			"Sign-in works, but there is no Defender API at this address. With Custom, check the field 'API URL'; otherwise check the field 'Cloud'",
		),
		rule(429, 'Sign-in works, but the app has used up its calls for now. Test again in a minute'),
	],
};

function rule(value: number, message: string) {
	return { type: 'responseCode' as const, properties: { value, message } };
}
