/**
 * The connections of one node run. The credential's fields may be expressions, so each item has its
 * own values: items with the same values share a connection, and what is kept for each connection.
 */
import type { ICredentialDataDecryptedObject, IExecuteFunctions } from 'n8n-workflow';

import { nodeError } from '../inputs/nodeErrors';
import { perRun } from '../inputs/perRun';
import {
	connect,
	credentialTypeOf,
	isDelegated,
	type Connection,
	type RunSettings,
} from './connection';
import { settingsText } from './credentialData';

export class ItemConnections {
	private readonly byItem = new Map<number, Promise<Connection>>();
	private readonly byFields = new Map<string, Connection>();
	private readonly tenants = new Map<number, string>();
	private firstFields: Promise<string> | undefined;

	constructor(
		private readonly functions: IExecuteFunctions,
		private readonly run: RunSettings,
	) {}

	/** Reads the credential once for the item. */
	async of(itemIndex: number): Promise<Connection> {
		const known = this.byItem.get(itemIndex) ?? this.open(itemIndex);
		this.byItem.set(itemIndex, known);
		return await known;
	}

	/** The tenant of an item that was connected. */
	tenantOf(itemIndex: number): string | undefined {
		return this.tenants.get(itemIndex);
	}

	private async open(itemIndex: number): Promise<Connection> {
		const credential = await this.read(itemIndex);
		const fields = fieldsOf(credential);
		await this.assertMeantForItem(fields);
		const connection = this.byFields.get(fields) ?? connect(this.functions, credential, this.run);
		this.byFields.set(fields, connection);
		this.tenants.set(itemIndex, connection.app.tenantId);
		return connection;
	}

	private async read(itemIndex: number): Promise<ICredentialDataDecryptedObject> {
		return await this.functions.getCredentials(
			credentialTypeOf(this.functions.getNode()),
			itemIndex,
		);
	}

	private async assertMeantForItem(fields: string): Promise<void> {
		const node = this.functions.getNode();
		if (isDelegated(node)) {
			this.firstFields ??= this.read(0).then(fieldsOf);
			if (fields === (await this.firstFields)) return;
			throw nodeError(node, 'signInFailed', {
				message: 'The fields of the credential differ between the items',
				description:
					'A user has signed in to one tenant: the fields of an OAuth2 credential must be the same for all items. To act in several tenants, use the credential Defender Live Response API.',
			});
		}
		const ofAgent = await this.fieldsOfAgent();
		if (ofAgent === null || (ofAgent.size === 1 && ofAgent.has(fields))) return;
		throw nodeError(node, 'invalidInput', {
			message: 'It is not known which tenant the agent means',
			description:
				'A field of the credential is an expression, and n8n resolves it with the first item of the agent, whichever item the agent is working on. Update the AI Agent node to version 3, give it one item at a time, or use a credential with fixed values.',
		});
	}

	/**
	 * Over the items of an agent up to version 2.2, which shares its place in the execution with its
	 * tools; null where there is nothing to mix up.
	 */
	private async fieldsOfAgent(): Promise<Set<string> | null> {
		const { name } = this.functions.getNode();
		const run = this.functions.getExecuteData();
		const items = run?.data?.main?.[0] ?? [];
		if (run?.node === undefined || run.node.name === name || items.length < 2) return null;
		const ofTools = agentRuns(run);
		const read = async (_: unknown, at: number) => fieldsOf(await this.read(at));
		const known = ofTools.get(name) ?? Promise.all(items.map(read)).then((all) => new Set(all));
		ofTools.set(name, known);
		known.catch(() => ofTools.delete(name));
		return await known;
	}
}

/** What the items of an agent have in the credential of a tool, for all calls of this tool. */
const agentRuns = perRun(() => new Map<string, Promise<Set<string>>>());

/** Whatever differs between connections. */
const fieldsOf = (credential: ICredentialDataDecryptedObject): string =>
	JSON.stringify([settingsText(credential), credential.callsPerMinute, credential.callsPerHour]);
