import type { INodeCredentialDescription, INodeProperties } from 'n8n-workflow';

/** Who makes the calls. `credentialTypeOf` in transport/connection reads it. */
export const authentication: INodeProperties = {
	displayName: 'Authentication',
	name: 'authentication',
	type: 'options',
	noDataExpression: true,
	default: 'appRegistration',
	options: [
		{
			name: 'App Registration',
			value: 'appRegistration',
			description: 'The app acts on its own behalf, with application permissions',
		},
		{
			name: 'OAuth2',
			value: 'oAuth2',
			description: 'The app acts on behalf of a signed-in user, with delegated permissions',
		},
	],
};

/** A node's credentials, one for each way; none with the values in `hide`. */
export function credentialsFor(
	hide: NonNullable<INodeCredentialDescription['displayOptions']>['hide'] = {},
): INodeCredentialDescription[] {
	const wayOf = {
		defenderLiveResponseApi: 'appRegistration',
		defenderLiveResponseOAuth2Api: 'oAuth2',
	};
	return Object.entries(wayOf).map(([name, way]) => ({
		name,
		required: true,
		displayOptions: { show: { authentication: [way] }, hide },
	}));
}
