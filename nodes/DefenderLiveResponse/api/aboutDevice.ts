import type { ApiCall } from '../transport/apiCall';

/** What every call about one device says of it. Its 404 can pass, and lists can show a device that is gone. */
export function aboutDevice(
	machineId: string,
): Pick<ApiCall, 'subject' | 'notFoundMayPass' | 'notFoundAdvice'> {
	return {
		subject: `Device ${machineId}`,
		notFoundMayPass: true,
		notFoundAdvice:
			"The node asked for it three times. Check in the Defender portal that the device is still there (lists can show one that is gone), and that the credential belongs to the device's tenant.",
	};
}
