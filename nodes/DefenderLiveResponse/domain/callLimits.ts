/**
 * How many calls an app registration may make in a tenant, when the user sets nothing else.
 *
 * https://learn.microsoft.com/en-us/defender-endpoint/api/get-machineactions-collection
 */
export const CALL_LIMITS = { callsPerMinute: 100, callsPerHour: 1500 };
