import type { Emulator } from '../../emulator/emulator.mts';
import { until } from './until.mts';

/** The live responses that were started on the device, whoever asked for them and whatever was answered. */
export const startedOn = ({ tenant }: Emulator, device: string) =>
	tenant.actions.all.filter(({ machineId }) => machineId === device);

/** Waits for the first of them. */
export const startOn = async (emulator: Emulator, device: string) =>
	await until(() => startedOn(emulator, device)[0], `a live response on ${device}`, 60);

/** As soon as a live response has been started on the device, its result is refused so many times. */
export async function refuseResultOn(
	emulator: Emulator,
	device: string,
	times: number,
): Promise<void> {
	const { id } = await startOn(emulator, device);
	const path = new RegExp(`/machineactions/${id}/GetLiveResponseResult`, 'i');
	emulator.faults.order({ kind: 'forbidden', path, count: times });
}
