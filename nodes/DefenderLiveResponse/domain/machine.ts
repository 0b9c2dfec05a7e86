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
	deviceValue?: string;
	rbacGroupId?: number;
	lastIpAddress: string | null;
	machineTags: string[];
	onboardingStatus?: string;
	isExcluded?: boolean;
	isPotentialDuplication?: boolean;
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
	/** `older` are the entries that the device had before it was reimaged, as far as one can see. */
	| { kind: 'one'; machine: Machine; older: Machine[] }
	| { kind: 'none' }
	| { kind: 'several'; machines: Machine[] };

/**
 * The entry meant by a name or an Entra device id. Others may have the name too: a WSL2 guest, a
 * device that its neighbours saw, the entry of before a reinstallation. Where two entries may be
 * two devices there is no guessing: a script would run on the wrong one.
 */
export function chooseMachine(found: readonly Machine[]): MachineChoice {
	const own = preferred(found, (machine) => !machine.mergedIntoMachineId);
	const usable = preferred(own, takesActions);
	const candidates = preferred(usable, (machine) => machine.healthStatus === 'Active');
	const [only, another] = candidates;
	if (only === undefined) return { kind: 'none' };
	if (another === undefined) return { kind: 'one', machine: only, older: [] };
	const reimaged = candidates.find((machine) => isReimaged(machine, candidates));
	return reimaged
		? {
				kind: 'one',
				machine: reimaged,
				older: candidates.filter((machine) => machine !== reimaged).sort(lastSeenFirst),
			}
		: { kind: 'several', machines: [...own].sort(lastSeenFirst) };
}

/** Those that it is true of; all where it is true of none. */
function preferred(
	machines: readonly Machine[],
	isBetter: (machine: Machine) => boolean,
): readonly Machine[] {
	const better = machines.filter(isBetter);
	return better.length > 0 ? better : machines;
}

const takesActions = (machine: Machine): boolean =>
	isOnboarded(machine) && machine.isPotentialDuplication !== true;

/** Whether a campaign over many devices may have it as one of its own. */
export const takesCampaigns = (machine: Machine): boolean =>
	isOnboarded(machine) && !machine.mergedIntoMachineId;

/** And neither excluded nor a WSL2 guest. An API without a field says nothing against the device. */
function isOnboarded(machine: Machine): boolean {
	return (
		(machine.onboardingStatus ?? 'Onboarded') === 'Onboarded' &&
		machine.isExcluded !== true &&
		!(machine.machineTags ?? []).some((tag) => /(?:^|_)WSL2$/.test(tag))
	);
}

/** First seen after all others were seen last, on the same platform: one device, set up anew. */
function isReimaged(machine: Machine, candidates: readonly Machine[]): boolean {
	const firstSeen = Date.parse(machine.firstSeen ?? '');
	return candidates.every(
		(other) =>
			other === machine ||
			(other.osPlatform === machine.osPlatform && Date.parse(other.lastSeen ?? '') < firstSeen),
	);
}

function lastSeenFirst(a: Machine, b: Machine): number {
	return String(b.lastSeen ?? '').localeCompare(String(a.lastSeen ?? ''), 'en');
}
