import type { IDataObject } from 'n8n-workflow';

import { isRecord } from '../domain/record';
import { PLAIN_NAME } from './boundedFields';

/** What a device, or whoever holds it, chooses: what scripts print, names of files, what it says of itself. */
const OF_DEVICE = new Set([
	...['output', 'error', 'output_json', 'script_name', 'transcript_path'],
	...['fileName', 'reason', 'errors'],
	...['computerDnsName', 'osPlatform', 'osVersion', 'version', 'machineTags'],
	...['ipAddresses', 'lastIpAddress', 'lastExternalIpAddress'],
]);
const DEEPEST = 5;

/**
 * The fields of an item that a device wrote, or in which it wrote something. Names that somebody else
 * may have chosen are not repeated.
 */
export function deviceFieldsOf(json: IDataObject): string[] {
	const written = Object.keys(json).filter((name) => {
		// In an item that failed, it is the message of the node.
		if (name === 'error' && isRecord(json.details)) return false;
		return isWritten(name, json[name], 0);
	});
	return [...new Set(written.map((name) => (PLAIN_NAME.test(name) ? name : 'others')))];
}

function isWritten(name: string, value: unknown, depth: number): boolean {
	if (value === null || value === undefined || value === '') return false;
	if (OF_DEVICE.has(name)) return true;
	if (depth === DEEPEST) return false;
	if (Array.isArray(value)) return value.some((entry) => isWritten('', entry, depth + 1));
	return isRecord(value) && Object.keys(value).some((key) => isWritten(key, value[key], depth + 1));
}
