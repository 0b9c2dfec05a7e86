/** Fields that every operation has which starts a machine action other than a live response. */
import type { INodeProperties } from 'n8n-workflow';

import {
	cancelOnTimeoutOption,
	comment,
	idempotencyKeyOption,
	maxWaitOption,
	pollIntervalOption,
	waitForCompletion,
	whenWaiting,
	withMaxWait,
} from './liveResponse';
import { machineLocator } from './machine';
import { optionsCollection } from './options';

/** Off: most of these are done within a minute, and what follows rarely needs to know. */
export const waitForAction: INodeProperties = {
	...waitForCompletion,
	default: false,
	description:
		'Whether to wait until the device has finished. Otherwise, the machine action is returned as soon as Defender has accepted it.',
};

/**
 * @param own what this action alone is asked for, behind the device
 * @param differs the field about waiting, and further options of one that is waited for
 */
export const deviceActionFields = (
	own: INodeProperties[] = [],
	{ waits = waitForAction, options = [] }: DifferentFields = {},
): INodeProperties[] => [machineLocator, ...own, comment, waits, optionsOf(waits, options)];

function optionsOf(waits: INodeProperties, more: INodeProperties[]): INodeProperties {
	const options = optionsCollection([
		idempotencyKeyOption,
		maxWaitOption,
		pollIntervalOption,
		...whenWaiting(cancelOnTimeoutOption, ...more),
	]);
	return waits.default === true ? withMaxWait(options) : options;
}

interface DifferentFields {
	waits?: INodeProperties;
	options?: INodeProperties[];
}
