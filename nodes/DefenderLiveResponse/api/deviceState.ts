/** What stands between a device and a live response, as far as reads can tell. */
import type { Machine } from '../domain/machine';
import type { MachineAction } from '../domain/machineAction';
import type { Connection } from '../transport/connection';
import { actionAvailability, type ActionAvailability } from './availableMachineActions';
import { listRunning } from './machineActionLists';

const LIVE_RESPONSE = 'LiveResponse';

export interface DeviceState {
	machine: Machine;
	/** Null where the API does not say. */
	availability: ActionAvailability | null;
	/** The live response that the device is busy with. Sessions opened in the portal are not listed. */
	running: MachineAction | null;
}

/** Throws an error of the list of machine actions. */
export async function deviceState(connection: Connection, machine: Machine): Promise<DeviceState> {
	const [availability, [running = null]] = await Promise.all([
		actionAvailability(connection, machine.id, LIVE_RESPONSE),
		listRunning(connection, LIVE_RESPONSE, machine.id),
	]);
	return { machine, availability, running };
}
