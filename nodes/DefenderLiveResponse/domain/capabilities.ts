/** What a credential can be allowed to do, and what says whether it is. */

/** Another of these stands for the first. The first is what the user is asked to grant. */
type AnyOf = readonly [string, ...string[]];

/** A read that shows whether the API lets the credential in. */
export type Probe = 'machines' | 'machineActions' | 'result' | 'library';

export interface Capability {
	/** Application permissions. */
	roles: AnyOf;
	/** Delegated permissions. */
	scopes: AnyOf;
	/** Null where nothing can be read that needs the permission: then the token alone tells. */
	probe: Probe | null;
}

/** Each lets one kind of machine action be started, and every kind be cancelled. */
const ACTIONS = [
	'Machine.LiveResponse',
	'Machine.CollectForensics',
	'Machine.Isolate',
	'Machine.RestrictExecution',
	'Machine.Scan',
	'Machine.Offboard',
	'Machine.StopAndQuarantine',
] as const;

export type ActionPermission = (typeof ACTIONS)[number];

const started = (permission: ActionPermission): Capability => ({
	roles: [permission],
	scopes: [permission],
	probe: null,
});

/** In the order in which a user needs them. */
export const CAPABILITIES = {
	readDevices: {
		roles: ['Machine.ReadWrite.All', 'Machine.Read.All'],
		scopes: ['Machine.ReadWrite', 'Machine.Read'],
		probe: 'machines',
	},
	readMachineActions: {
		roles: ['Machine.ReadWrite.All'],
		scopes: ['Machine.ReadWrite'],
		probe: 'machineActions',
	},
	startLiveResponse: started('Machine.LiveResponse'),
	fetchResults: {
		roles: ['Machine.ReadWrite.All'],
		scopes: ['Machine.LiveResponse'],
		probe: 'result',
	},
	cancel: { roles: ACTIONS, scopes: ACTIONS, probe: null },
	library: { roles: ['Library.Manage'], scopes: ['Library.Manage'], probe: 'library' },
	isolate: started('Machine.Isolate'),
	scan: started('Machine.Scan'),
	restrictAppExecution: started('Machine.RestrictExecution'),
	stopAndQuarantineFile: started('Machine.StopAndQuarantine'),
	collectPackage: started('Machine.CollectForensics'),
	tags: { roles: ['Machine.ReadWrite.All'], scopes: ['Machine.ReadWrite'], probe: null },
} as const satisfies Record<string, Capability>;

export type CapabilityName = keyof typeof CAPABILITIES;

/** What the API answered to a probe. */
export type ProbeAnswer =
	| 'letIn'
	/** There is no such thing, which does not tell whether the permission was looked at. */
	| 'nothingThere'
	| 'forbidden'
	/** It failed for another reason, which says nothing of the permission. */
	| 'failed';

export type Verdict =
	| 'allowed'
	| 'missing'
	/** The token has the permission, and the API does not take it. */
	| 'notAccepted'
	| 'failed'
	| 'unknown';

/** @param granted the permissions in the token; null when it cannot be read */
export function verdictOn(
	needed: AnyOf,
	granted: readonly string[] | null,
	answer: ProbeAnswer | null,
): Verdict {
	const isGranted = granted === null ? null : needed.some((name) => granted.includes(name));
	switch (answer) {
		case 'letIn':
			return 'allowed';
		case 'forbidden':
			return isGranted === true ? 'notAccepted' : 'missing';
		case 'failed':
			return 'failed';
		case 'nothingThere':
		case null:
			if (isGranted === null) return 'unknown';
			return isGranted ? 'allowed' : 'missing';
	}
}
