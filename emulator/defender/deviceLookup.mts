import type { DeviceLookupSettings } from '../cloudSettings.mts';
import type { Answer } from '../http/answer.mts';
import type { Device } from '../tenant/device.mts';
import { apiError } from './apiError.mts';

/**
 * The device that a call is about, as the API finds it. Undefined is a 404: there is none, only lists show it, or the
 * call is one of the first that miss it.
 */
export function foundDevice(
	device: Device | undefined,
	call: keyof Device['asked'],
	{ deviceLookup }: { deviceLookup: DeviceLookupSettings },
): Device | undefined {
	if (device === undefined || device.listedOnly) return undefined;
	device.asked[call] += 1;
	return device.asked[call] <= deviceLookup.passingNotFound ? undefined : device;
}

/** The answer to a search that found no device, where that is no empty list. */
export function noDevicesAnswer(
	found: number,
	{ deviceLookup }: { deviceLookup: DeviceLookupSettings },
): Answer | undefined {
	return found === 0 && deviceLookup.noDevices === 'notFound'
		? apiError(404, 'ResourceNotFound', 'No machines were found.')
		: undefined;
}
