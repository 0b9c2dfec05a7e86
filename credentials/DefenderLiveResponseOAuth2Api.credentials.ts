import type { ICredentialType, INodeProperties } from 'n8n-workflow';

import { scopeExpression, signInUrlExpression } from './cloudExpressions';
import { cloudFields } from './cloudFields';
import { budgetFields, clientId, proofFields, tenantId } from './fields';

/** A user who signs in to Microsoft Entra, with delegated permissions for Defender for Endpoint. */
export class DefenderLiveResponseOAuth2Api implements ICredentialType {
	name = 'defenderLiveResponseOAuth2Api';

	extends = ['oAuth2Api'];

	displayName = 'Defender Live Response OAuth2 API';

	icon = {
		light: 'file:defenderLiveResponse.svg',
		dark: 'file:defenderLiveResponse.dark.svg',
	} as const;

	documentationUrl =
		'https://github.com/n8n-nodes-defender-live-response/n8n-nodes-defender-live-response/blob/main/docs/oauth2.md';

	// The user can run scripts as SYSTEM: no other node may borrow the token.
	restrictToSupportedNodes = true as const;

	// These fields limit the HTTP Request node, which cannot have this credential; `oAuth2Api` brings them too.
	hideDomainRestrictionFields = true;

	/**
	 * n8n's own fields for OAuth2 come first, in n8n's order, replaced by those of the same name here.
	 * Names and values are stored in users' databases: they never change.
	 */
	properties: INodeProperties[] = [
		hidden('grantType', 'authorizationCode'),
		hidden('usePkce', true),
		clientId,
		...proofFields('clientCredentialType'),
		{
			displayName:
				'The app registration needs the redirect URL above (platform Web) and these delegated permissions of WindowsDefenderATP: <b>Machine.ReadWrite</b>, <b>Machine.LiveResponse</b>, <b>Library.Manage</b>. n8n can do no more than the user can do in Defender.',
			name: 'permissionsNotice',
			type: 'notice',
			default: '',
		},
		tenantId,
		...cloudFields,
		...budgetFields,
		hidden('authUrl', signInUrlExpression('$self', 'authorize')),
		hidden('accessTokenUrl', signInUrlExpression('$self', 'token')),
		hidden('scope', scopeExpression('$self')),
		// Without a choice, Entra takes whoever is signed in to the browser.
		hidden('authQueryParameters', 'response_mode=query&prompt=select_account'),
		hidden('authentication', 'body'),
		hidden('allowedHttpRequestDomains', 'none'),
	];
}

function hidden(name: string, value: string | boolean): INodeProperties {
	return { displayName: name, name, type: 'hidden', default: value };
}
