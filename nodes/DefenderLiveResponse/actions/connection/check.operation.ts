import type { INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { probeApi } from '../../api/capabilityProbes';
import { deviceState, type DeviceState } from '../../api/deviceState';
import { findMachine } from '../../api/machines';
import { machineLocator } from '../../descriptions/machine';
import { optionsOfOneItem } from '../../descriptions/options';
import type { MachineReference } from '../../domain/machine';
import type { RefusalCode } from '../../domain/refusalCode';
import { machineParameter } from '../../inputs/machineParameter';
import { detailsOf } from '../../inputs/nodeErrors';
import { isDelegated, type Connection } from '../../transport/connection';
import type { ItemContext } from '../../transport/itemContext';
import { permissionsInToken } from '../../transport/tokenPermissions';
import { isN8nError, type N8nError } from '../n8nError';
import type { Operation } from '../operation';
import { capabilityItems } from './capabilityItems';
import { deviceItem, unreadDevice } from './deviceItem';

export const entry: Operation['entry'] = {
	name: 'Check',
	action: 'Check connection',
	description: 'See what the credential can do, what is missing, and whether a device is ready',
};

const device: INodeProperties = {
	...machineLocator,
	required: false,
	description: 'A device to check as well. One more item then says whether it is ready.',
};

export const fields: Operation['fields'] = [device, optionsOfOneItem()];

export async function execute(context: ItemContext): Promise<INodeExecutionData[]> {
	const reference = machineParameter(context, device);
	const connection = await context.connection();
	const looked = reference.kind === 'empty' ? null : await lookAt(connection, reference);
	const probes = await probeApi(connection);
	const items = capabilityItems(
		{
			isDelegated: isDelegated(context.functions.getNode()),
			granted: permissionsInToken(connection),
			probes,
		},
		looked?.kind === 'state' ? (looked.state.availability?.isAvailable ?? null) : null,
	);
	const ofDevice =
		looked === null
			? []
			: [looked.kind === 'state' ? deviceItem(looked.state) : unreadDevice(looked.error)];
	return [...items, ...ofDevice].map((json) => ({ json }));
}

type Looked = { kind: 'state'; state: DeviceState } | { kind: 'unread'; error: N8nError };

async function lookAt(connection: Connection, reference: MachineReference): Promise<Looked> {
	const looking = findMachine(connection, reference).then(async (machine): Promise<Looked> => ({
		kind: 'state',
		state: await deviceState(connection, machine),
	}));
	return await looking.catch((error: unknown): Looked => {
		const code = isN8nError(error) ? detailsOf(error)?.code : undefined;
		if (!isN8nError(error) || code === undefined || ENDS_CHECK.includes(code)) throw error;
		return { kind: 'unread', error };
	});
}

const ENDS_CHECK: readonly RefusalCode[] = ['invalidInput', 'canceled'];
