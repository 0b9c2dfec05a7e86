import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { machineReference, type Machine } from '../domain/machine';
import { nameStartsWith } from '../api/machineSearch';
import { listMachines } from '../api/machines';
import { odataAny, odataString } from '../transport/odata';
import { assertNotEmpty, nextPage, openForList, PAGE_SIZE, positionOf } from './listPage';

/** Devices, by the beginning of their name, their address or their id. */
export async function searchMachines(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const connection = await openForList(this);
	const position = positionOf(paginationToken) ?? { $filter: searchCondition(filter), skip: 0 };
	const machines = await listMachines(connection, {
		query: position.$filter ? { $filter: position.$filter } : {},
		limit: PAGE_SIZE,
		skip: position.skip,
	});
	if (!position.$filter && position.skip === 0) {
		assertNotEmpty(connection, machines, {
			message: 'Defender lists no devices in this tenant',
			description:
				"Devices appear once they are onboarded to Defender for Endpoint. If there are some in the portal, check that the credential's tenant, cloud and region are those of the portal.",
		});
	}
	return {
		results: machines.map((machine) => ({ name: machineName(machine), value: machine.id })),
		...nextPage(position, machines.length),
	};
}

function searchCondition(typed: string | undefined): string {
	const text = typed?.trim() ?? '';
	const reference = machineReference(text, undefined);
	switch (reference.kind) {
		case 'empty':
		case 'malformed':
			return text === '' ? '' : (nameStartsWith(text) ?? '');
		case 'machineId':
			return `id eq ${odataString(reference.id)}`;
		case 'entraDeviceId':
			return `aadDeviceId eq ${reference.id}`;
		case 'name': {
			const isAddress = /^[\d.]{7,15}$/.test(text) || /^[\da-f:]*:[\da-f:]*$/i.test(text);
			const conditions = [
				...(isAddress ? [`lastIpAddress eq ${odataString(text)}`] : []),
				nameStartsWith(text) ?? '',
			];
			return odataAny(conditions) ?? '';
		}
	}
}

/** "desktop-1.contoso.com (Windows11)"; what is not active says so, and since when. */
function machineName(machine: Machine): string {
	const facts = [
		machine.osPlatform,
		...(machine.healthStatus === 'Active'
			? []
			: [machine.healthStatus, `seen ${String(machine.lastSeen ?? 'never').slice(0, 10)}`]),
	].filter((fact) => fact);
	const name = machine.computerDnsName ?? machine.id;
	return facts.length > 0 ? `${name} (${facts.join(', ')})` : name;
}
