/** What a credential can do, in words: one item a capability. */
import type { IDataObject } from 'n8n-workflow';

import type { Probed } from '../../api/capabilityProbes';
import {
	CAPABILITIES,
	verdictOn,
	type Capability,
	type CapabilityName,
	type Probe,
} from '../../domain/capabilities';
import { inOneText } from '../../inputs/nodeErrors';
import type { Refusal } from '../../transport/apiCall';
import { isPassingStatus } from '../../transport/passingStatus';
import { apiPath } from '../../transport/paths';
import { refusalMessage } from '../../transport/refusalMessages';

export interface CapabilityItem extends IDataObject {
	capability: CapabilityName | 'device';
	/** Null where no harmless read can tell. */
	ok: boolean | null;
	/** What it takes: the permission as the portal names it. */
	needs: string;
	/** What to do; null when it is there. */
	nextStep: string | null;
}

export interface Known {
	isDelegated: boolean;
	/** The permissions in the token; null when they cannot be read. */
	granted: readonly string[] | null;
	probes: Record<Probe, Probed>;
}

/** @param takesLiveResponse whether a device said that it takes live responses; null without one that did */
export function capabilityItems(known: Known, takesLiveResponse: boolean | null): CapabilityItem[] {
	const names = Object.keys(CAPABILITIES) as CapabilityName[];
	return names.map((name) => {
		const item = itemOf(name, CAPABILITIES[name], known);
		if (name !== 'startLiveResponse' || item.ok !== true || takesLiveResponse === true) return item;
		return { ...item, ok: null, nextStep: takesLiveResponse === null ? CHOOSE_DEVICE : SEE_DEVICE };
	});
}

function itemOf(name: CapabilityName, capability: Capability, known: Known): CapabilityItem {
	const [needs, ...others] = known.isDelegated ? capability.scopes : capability.roles;
	const { answer, refusal } = capability.probe
		? known.probes[capability.probe]
		: withoutProbe(known);
	const verdict = verdictOn([needs, ...others], known.granted, answer);
	const item = (ok: boolean | null, nextStep: string | null): CapabilityItem => ({
		capability: name,
		ok,
		needs,
		nextStep,
	});
	switch (verdict) {
		case 'allowed':
			return item(true, null);
		case 'missing':
			return item(false, wordsFor(known, needs, FORBIDDEN).description);
		case 'notAccepted':
			return item(false, NOT_ACCEPTED);
		case 'unknown':
			return item(null, NOT_READABLE);
		case 'failed':
			return refusal === null
				? item(null, NOT_READABLE)
				: item(mayPass(refusal) ? null : false, inOneText(wordsFor(known, needs, refusal)));
	}
}

/** Nobody who was not let in at all can do anything. */
function withoutProbe({
	probes: { machineActions },
}: Known): Probed | { answer: null; refusal: null } {
	const { answer, refusal } = machineActions;
	return answer === 'failed' && refusal !== null && !mayPass(refusal)
		? machineActions
		: { answer: null, refusal: null };
}

/** Whether the same read can be answered a little later without anybody doing anything. */
function mayPass(refusal: Refusal): boolean {
	switch (refusal.kind) {
		case 'status':
			return isPassingStatus(refusal.status);
		case 'signInRefused':
			return refusal.mayPass;
		case 'held':
		case 'stopped':
			return true;
		case 'unreadable':
		case 'unreachable':
			return false;
	}
}

const wordsFor = ({ isDelegated }: Pick<Known, 'isDelegated'>, needs: string, refusal: Refusal) =>
	refusalMessage(
		{
			subject: 'The Defender API',
			path: apiPath`/machineactions`,
			permissions: [needs],
			isDelegated,
		},
		refusal,
	);

const FORBIDDEN: Refusal = {
	kind: 'status',
	status: 403,
	code: null,
	message: null,
	target: null,
	retryAfterMs: null,
};

const CHOOSE_DEVICE =
	"The permission is there. Whether live response is switched on cannot be read without a device: choose one in 'Device', and check in the Defender portal under Settings > Endpoints > Advanced features that 'Live Response' is turned on.";

const SEE_DEVICE =
	"The permission is there, but the chosen device cannot take live responses: see the item 'device'.";

const NOT_ACCEPTED =
	"The token has this permission, but the Defender API does not accept it. Check that 'Cloud' of the credential is the tenant's cloud, with Custom that 'Token Resource' belongs to the API, and that the permission was not removed a moment ago.";

const NOT_READABLE =
	'The token cannot be read, and no harmless call needs this permission. Look it up in the Microsoft Entra admin center under App registrations > your app > API permissions.';
