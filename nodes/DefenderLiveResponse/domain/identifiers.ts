/** The forms of the ids that Defender and Entra give. */

/** Machine actions, tenants and devices in Entra have a GUID. */
export function isGuid(text: string): boolean {
	return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

/** The id that no machine action has. */
export const NO_ACTION = '00000000-0000-0000-0000-000000000000';

/** The SHA-1 hash of a file. */
export function isSha1(text: string): boolean {
	return /^[0-9a-f]{40}$/i.test(text);
}

/** A device's id in Defender has the form of such a hash. */
export const isMachineId = isSha1;
