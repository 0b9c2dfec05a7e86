import {
	type ICredentialDataDecryptedObject,
	type INode,
	type INodeTypes,
	NodeHelpers,
	Workflow,
} from 'n8n-workflow';

import { DefenderLiveResponseOAuth2Api } from '../../credentials/DefenderLiveResponseOAuth2Api.credentials';

const node: INode = {
	id: 'mock',
	name: 'mock',
	type: 'mock',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};
const nodeTypes = {
	getByNameAndVersion: () => ({ description: { properties: [] } }),
} as unknown as INodeTypes;

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
	const { expression } = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
	return expression.getComplexParameterValue(
		node,
		data,
		'internal',
		{},
		undefined,
		undefined,
		data,
	) as ICredentialDataDecryptedObject;
}
