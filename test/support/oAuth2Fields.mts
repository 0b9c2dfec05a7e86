import { type ICredentialDataDecryptedObject, NodeHelpers } from 'n8n-workflow';

import { DefenderLiveResponseOAuth2Api } from '../../credentials/DefenderLiveResponseOAuth2Api.credentials';
import { expression, someNode } from './expressions.mts';

/** The OAuth2 credential's fields as n8n hands them over: defaults added, expressions filled in. */
export function oAuth2Fields(stored: object): ICredentialDataDecryptedObject {
	const data = NodeHelpers.getNodeParameters(
		new DefenderLiveResponseOAuth2Api().properties,
		{ ...stored },
		true,
		false,
		null,
		null,
	)!;
	return expression.getComplexParameterValue(
		someNode,
		data,
		'internal',
		{},
		undefined,
		undefined,
		data,
	) as ICredentialDataDecryptedObject;
}
