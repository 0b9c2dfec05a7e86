/**
 * Devices as the API sends them, and which of several entries with one name is meant.
 *
 * https://learn.microsoft.com/en-us/defender-endpoint/api/machine
 */
import { isGuid, isMachineId } from './identifiers';

/** A device; the API calls it a machine. Names and times may be null. */
export interface Machine {
	id: string;
	computerDnsName: string | null;
	lastSeen: string | null;
	firstSeen?: string | null;
	osPlatform: string | null;
	healthStatus: string;
	riskScore: string | null;
	exposureLevel?: string;
	lastIpAddress: string | null;
	machineTags: string[];
	onboardingStatus?: string;
	aadDeviceId?: string | null;
	rbacGroupName?: string | null;
	/** Set when Defender has found that this entry is an older one of another device. */
	mergedIntoMachineId?: string | null;
	[field: string]: unknown;
}

export type MachineReference =
	| { kind: 'machineId'; id: string }
	| { kind: 'entraDeviceId'; id: string }
	| { kind: 'name'; name: string }
	| { kind: 'empty' }
	| { kind: 'malformed' };

/**
 * What the device locator refers to. `mode` is that of the locator: `list` and `id` carry an id
 * (Defender's own, or that of the Entra device), `name` a DNS name. Without a mode, as when an
 * expression gives the whole field, the value tells by its shape.
 */
export function machineReference(value: string, mode: string | undefined): MachineReference {
	const text = value.trim();
	if (text === '') return { kind: 'empty' };
	if (isMachineId(text)) return { kind: 'machineId', id: text.toLowerCase() };
	if (mode !== 'name' && isGuid(text)) return { kind: 'entraDeviceId', id: text.toLowerCase() };
	const mayBeName = mode === 'name' || mode === undefined;
	return mayBeName && !/[\s/\\]/.test(text) ? { kind: 'name', name: text } : { kind: 'malformed' };
}

export type MachineChoice =
	{ kind: 'one'; machine: Machine } | { kind: 'none' } | { kind: 'several'; machines: Machine[] };

/**
 * The entry meant by a name or an Entra device id. A reinstalled device leaves its former entry
 * behind, inactive and under the same name, so the only active entry is the device that is out
 * there. Two active entries may be two devices: guessing would run a script on the wrong one.
 */
export function chooseMachine(found: readonly Machine[]): MachineChoice {
	const own = found.filter((machine) => !machine.mergedIntoMachineId);
	const candidates = own.length > 0 ? own : found;
	const active = candidates.filter((machine) => machine.healthStatus === 'Active');
	const [only, another] = active.length > 0 ? active : candidates;
	if (only === undefined) return { kind: 'none' };
	if (another === undefined) return { kind: 'one', machine: only };
	return { kind: 'several', machines: [...candidates].sort(lastSeenFirst) };
}

function lastSeenFirst(a: Machine, b: Machine): number {
	return String(b.lastSeen ?? '').localeCompare(String(a.lastSeen ?? ''), 'en');
}
