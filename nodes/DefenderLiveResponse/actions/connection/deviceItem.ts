/** Whether a device is ready for a live response, in words. */
import type { DeviceState } from '../../api/deviceState';
import type { ActionAvailability } from '../../api/availableMachineActions';
import type { Machine } from '../../domain/machine';
import { inOneText } from '../../inputs/nodeErrors';
import { apiPath } from '../../transport/paths';
import { refusalMessage } from '../../transport/refusalMessages';
import { shownWords } from '../../transport/shownWords';
import type { CapabilityItem } from './capabilityItems';

const NEEDS = 'A device that is onboarded, supported and free';

/** For a device that could not be read. */
export const unreadDevice = (error: {
	message: string;
	description?: string | null;
}): CapabilityItem => ({
	capability: 'device',
	ok: false,
	needs: NEEDS,
	nextStep: inOneText(error),
});

export function deviceItem({ machine, availability, running }: DeviceState): CapabilityItem {
	const onboarded = machine.onboardingStatus === undefined ? null : isOnboarded(machine);
	const nextStep =
		onboarded === false
			? notOnboarded(machine)
			: availability?.isAvailable === false
				? notAvailable(availability)
				: running
					? `The device is busy with machine action ${running.id}: wait for it, cancel it, or set 'When Device Is Busy'.`
					: null;
	return {
		capability: 'device',
		ok: nextStep !== null ? false : availability === null ? null : true,
		needs: NEEDS,
		nextStep: nextStep ?? (availability === null ? NOT_SAID : null),
		machineId: machine.id,
		computerDnsName: machine.computerDnsName,
		onboarded,
		onboardingStatus: machine.onboardingStatus ?? null,
		healthStatus: machine.healthStatus,
		lastSeen: machine.lastSeen,
		osPlatform: machine.osPlatform,
		supported: availability?.isAvailable ?? null,
		busyWith: running?.id ?? null,
		requestor: running?.requestor ?? null,
	};
}

const isOnboarded = ({ onboardingStatus }: Machine) => onboardingStatus === 'Onboarded';

const notOnboarded = ({ onboardingStatus }: Machine) =>
	`The device is not onboarded to Defender for Endpoint (status ${shownWords(String(onboardingStatus))}). In the Defender portal, open Settings > Endpoints > Onboarding and onboard it.`;

/** The API gives the code with which it would reject the start. */
function notAvailable({ reason }: ActionAvailability): string {
	const refusal = {
		kind: 'status',
		status: 400,
		code: reason,
		message: null,
		target: null,
		retryAfterMs: null,
	} as const;
	const call = {
		subject: 'The device',
		path: apiPath`/machines`,
		permissions: [],
		isDelegated: false,
	};
	const words = refusalMessage(call, refusal);
	return words.code === 'invalidInput'
		? `The device cannot take live responses${reason === null ? '' : `: ${shownWords(reason)}`}. See the supported versions at https://learn.microsoft.com/en-us/defender-endpoint/live-response#before-you-begin`
		: inOneText(words);
}

const NOT_SAID =
	'Nothing rules out a live response. The API does not say beforehand whether the operating system and the settings of this device allow it: starting one will show it.';
