import type { ICredentialDataDecryptedObject, IExecuteFunctions } from 'n8n-workflow';

import { noEvents } from '../../../nodes/DefenderLiveResponse/transport/connection';
import { ItemConnections } from '../../../nodes/DefenderLiveResponse/transport/itemConnections';
import { someNode } from '../../support/expressions.mts';

const credential = {
	cloud: 'global',
	tenantId: '11a86b87-12b8-423b-9e8d-9775ab2da78f',
	clientId: '21a86b87-12b8-423b-9e8d-9775ab2da78f',
	clientSecret: 'secret',
	callsPerMinute: 100,
};
const other = '31a86b87-12b8-423b-9e8d-9775ab2da78f';

const tokenOf = (claims: object) => ({
	access_token: `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`,
});

/** n8n, in which each item has these fields of the credential. */
function connections(
	items: ICredentialDataDecryptedObject[],
	more: { authentication?: string; agentItems?: number } = {},
) {
	const reads: number[] = [];
	const node = { ...someNode, parameters: { authentication: more.authentication ?? 'app' } };
	const agent = { ...someNode, name: 'AI Agent' };
	const agentData = { main: [Array(more.agentItems ?? 0).fill({ json: {} })] };
	const agentRun = { node: agent, data: agentData };
	const functions = {
		getNode: () => node,
		getExecutionId: () => '1',
		getExecuteData: () =>
			more.agentItems === undefined ? { node, data: { main: [items] } } : agentRun,
		getCredentials: async (_type: string, itemIndex: number) => {
			reads.push(itemIndex);
			return { ...credential, ...items[itemIndex] };
		},
	} as unknown as IExecuteFunctions;
	const nodeRun = () => new ItemConnections(functions, { maxHoldMs: 0, events: noEvents() });
	return { reads, nodeRun, of: nodeRun() };
}

describe('the connections of a node run', () => {
	it('are one for each set of fields, with one read an item', async () => {
		const { of, reads } = connections([{}, { tenantId: other }, {}, { callsPerMinute: 1 }]);
		const [first, second, third, fourth] = await Promise.all(
			[0, 1, 2, 3, 0].map(async (at) => await of.of(at)),
		);
		expect(third).toBe(first);
		expect(second.app.tenantId).toBe(other);
		expect(fourth).not.toBe(first);
		expect(reads.sort()).toEqual([0, 1, 2, 3]);
	});

	it('of one tenant stay when another cannot be opened', async () => {
		const { of } = connections([{}, { cloud: 'nowhere' }]);
		await expect(of.of(1)).rejects.toThrow(
			'A field of the credential has a value that cannot be used',
		);
		await expect(of.of(0)).resolves.toMatchObject({ app: { tenantId: credential.tenantId } });
	});
});

describe('a tool of an agent up to version 2.2, whose items n8n mixes up', () => {
	it('is rejected when they have different tenants', async () => {
		const { of } = connections([{}, { tenantId: other }], { agentItems: 2 });
		await expect(of.of(0)).rejects.toThrow('It is not known which tenant the agent means');
	});

	it('costs one read a call, and one for each item of the agent however often it calls', async () => {
		const { nodeRun, reads } = connections([{}, {}, {}], { agentItems: 3 });
		for (let call = 0; call < 10; call++) await nodeRun().of(0);
		expect(reads).toHaveLength(10 + 3);
		const alone = connections([{}], { agentItems: 1 });
		for (let call = 0; call < 10; call++) await alone.nodeRun().of(0);
		expect(alone.reads).toHaveLength(10);
	});

	it('works when they have the same', async () => {
		const { of } = connections([{}, {}], { agentItems: 2 });
		await expect(of.of(0)).resolves.toMatchObject({ app: { tenantId: credential.tenantId } });
	});
});

describe('a user who has signed in', () => {
	const user = (claims: object, fields: object = {}) => ({
		...fields,
		oauthTokenData: tokenOf(claims),
	});
	const own = { tid: credential.tenantId, aud: 'https://api.securitycenter.microsoft.com' };
	const open = async (...items: ICredentialDataDecryptedObject[]) => {
		const { of } = connections(items, { authentication: 'oAuth2' });
		return await of.of(items.length - 1);
	};

	it.each([
		['of the tenant', own],
		['for the API with a slash', { ...own, aud: `${own.aud}/` }],
		['for the API by its id', { ...own, aud: 'fc780465-2017-40d4-a0c5-307022471b92' }],
		['that says nothing', {}],
	])('acts with a token %s', async (_case, claims) => {
		await expect(open(user(claims))).resolves.toMatchObject({ app: {} });
	});

	it.each([
		['to a different tenant', { ...own, tid: other }],
		['to a different API', { ...own, aud: 'https://graph.microsoft.com' }],
	])('%s does not act', async (what, claims) => {
		await expect(open(user(claims))).rejects.toThrow(
			`The user signed in ${what} than the credential names`,
		);
	});

	it('is asked to sign in again after the tenant was changed', async () => {
		await expect(open(user(own, { tenantId: other }))).rejects.toMatchObject({
			description: expect.stringContaining('sign in again'),
		});
	});

	it('acts in one tenant: fields that differ between items are rejected', async () => {
		const byDomain = { tenantId: 'fabrikam.example' };
		await expect(open(user(own), user(own, byDomain))).rejects.toThrow(
			'The fields of the credential differ between the items',
		);
	});
});
