/** The members of a machine that tests usually care about; the rest has defaults. */
export interface MachineEntity {
	id: string;
	mergedIntoMachineId: string | null;
	isPotentialDuplication: boolean;
	isExcluded: boolean;
	exclusionReason: string | null;
	computerDnsName: string | null;
	firstSeen: string;
	lastSeen: string;
	osPlatform: string;
	osVersion: string | null;
	osProcessor: string;
	version: string;
	lastIpAddress: string | null;
	lastExternalIpAddress: string | null;
	agentVersion: string;
	osBuild: number | null;
	healthStatus: string;
	deviceValue: string;
	rbacGroupId: number;
	rbacGroupName: string | null;
	riskScore: string | null;
	exposureLevel: string;
	isAadJoined: boolean;
	aadDeviceId: string | null;
	machineTags: string[];
	defenderAvStatus: string;
	onboardingStatus: string;
	osArchitecture: string;
	managedBy: string;
	managedByStatus: string;
	ipAddresses: Array<{
		ipAddress: string;
		macAddress: string | null;
		type: string;
		operationalStatus: string;
	}>;
	vmMetadata: {
		vmId: string;
		cloudProvider: string;
		resourceId: string;
		subscriptionId: string;
	} | null;
}

/** What the API does not show of a device but live response depends on. */
export interface DeviceCondition {
	online: boolean;
	/** An analyst has a portal session open: it blocks live response and is in no list. */
	portalSession: boolean;
	/** False: no automation level for its device group (403 DisallowedOperation). */
	automationLevel: boolean;
	/** False: live response is not supported (400 OsPlatformNotSupported). */
	platformSupported: boolean;
	/** False: the agent is too old (400 ClientVersionNotSupported). */
	agentSupported: boolean;
	/** False: live response is switched off for it (403 DisabledFeature). */
	liveResponseEnabled: boolean;
	/** Lists show it, and every call about it is a 404. */
	listedOnly: boolean;
}

export type Platform = 'windows' | 'linux' | 'macos';

export interface Device extends DeviceCondition {
	machine: MachineEntity;
	platform: Platform;
	/** Emulated time since when it is as it is. */
	onlineSince: number;
	/** Files that GetFile can fetch, by absolute path. */
	files: Map<string, Buffer>;
	/** Library files that PutFile placed, by name. */
	received: Set<string>;
	/** How often each script really ran, by name. */
	runs: Map<string, number>;
	/** How often the API was asked for it, 404s included. */
	asked: { start: number; read: number };
}

export function platformOf(osPlatform: string): Platform {
	if (/^windows/i.test(osPlatform)) return 'windows';
	return /^mac/i.test(osPlatform) ? 'macos' : 'linux';
}

/** Looks a path up as the device's file system does: regardless of case on Windows. */
export function fileOn(device: Device, path: string): Buffer | undefined {
	const exact = device.files.get(path);
	if (exact !== undefined || device.platform !== 'windows') return exact;
	const wanted = path.toLowerCase();
	for (const [name, content] of device.files) {
		if (name.toLowerCase() === wanted) return content;
	}
	return undefined;
}
