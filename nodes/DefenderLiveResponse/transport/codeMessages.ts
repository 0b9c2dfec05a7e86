/** What the user reads when the API says with a code of its own why a device does not do something. */
import type { RefusalCode } from '../domain/refusalCode';
import type { ApiPath } from './paths';

export interface RefusalMessage {
	code: RefusalCode;
	message: string;
	description: string;
}

/** The text next to a code may change, the code does not. */
const OF_LIVE_RESPONSE: Readonly<Record<string, RefusalMessage>> = {
	ActiveRequestAlreadyExists: {
		code: 'deviceBusy',
		message: 'Another live response is already in progress on this device',
		description:
			"A device takes one live response at a time. Wait for it, cancel it, or set 'When Device Is Busy'. Sessions opened in the Defender portal block the device too, but the API does not list them.",
	},
	OsPlatformNotSupported: {
		code: 'deviceUnsupported',
		message: 'The operating system of this device does not support live response',
		description:
			'Trying again does not help. See the supported versions at https://learn.microsoft.com/en-us/defender-endpoint/live-response#before-you-begin',
	},
	ClientVersionNotSupported: {
		code: 'deviceUnsupported',
		message: 'The Defender sensor on this device is too old for live response',
		description: 'Update the Defender sensor on the device, then run this again.',
	},
	DisallowedOperation: {
		code: 'notAllowed',
		message: 'Live response is not allowed on this device',
		description:
			"Its device group probably has no automation level. In the Defender portal, open Settings > Endpoints > Device groups and choose at least 'Semi - require approval for all folders'.",
	},
	DisabledFeature: {
		code: 'notAllowed',
		message: 'Live response is switched off in this tenant',
		description:
			"In the Defender portal, open Settings > Endpoints > Advanced features and turn on 'Live Response' (for servers also 'Live Response for Servers', for unsigned scripts 'Live Response unsigned script execution').",
	},
};

/** The same of what else a device can be asked to do. */
const OF_DEVICE_ACTION: Readonly<Record<string, RefusalMessage>> = {
	OsPlatformNotSupported: {
		code: 'deviceUnsupported',
		message: 'The operating system of this device does not support this action',
		description:
			"Trying again does not help. See the supported versions on Microsoft's page about the action.",
	},
	ClientVersionNotSupported: {
		code: 'deviceUnsupported',
		message: 'The Defender sensor on this device is too old for this action',
		description: 'Update the Defender sensor on the device, then run this again.',
	},
	DisallowedOperation: {
		code: 'notAllowed',
		message: 'This action is not allowed on this device',
		description: 'The settings of the tenant or of the device group do not allow it.',
	},
	DisabledFeature: {
		code: 'notAllowed',
		message: 'This action is switched off in this tenant',
		description: 'In the Defender portal, open Settings > Endpoints > Advanced features.',
	},
};

/** Undefined for a code that says no more than the HTTP status. */
export function messageByCode(path: ApiPath, code: string): RefusalMessage | undefined {
	const messages = OTHER_ACTION.test(path) ? OF_DEVICE_ACTION : OF_LIVE_RESPONSE;
	return Object.hasOwn(messages, code) ? messages[code] : undefined;
}

const OTHER_ACTION = /^\/machines\/[^/]+\/(?!runliveresponse$)\w+$/;
