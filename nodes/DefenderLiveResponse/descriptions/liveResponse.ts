/** Fields that every operation which starts a live response has. */
import type { INodeProperties } from 'n8n-workflow';

import { LARGEST_FETCHED_FILE_MB } from '../domain/fileSize';
import { outputBinaryField } from './binaryFields';
import { choiceField } from './choice';
import { libraryFileLocator } from './libraryFile';
import {
	decompressOption,
	fileNameOption,
	maxFileSizeOption,
	optionsCollection,
	parseOutputAsJsonOption,
	rawOutputOption,
	shownWith,
} from './options';
import { encodeArgumentsOption, scriptSha256Option } from './script';

export const fileLocator: INodeProperties = {
	...libraryFileLocator('libraryFileName', 'Library File'),
	description: 'The file to copy to the device, from the live response library',
};

export const filePath: INodeProperties = {
	displayName: 'File Path',
	name: 'filePath',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. C:\\Windows\\Temp\\report.csv',
	description: 'The full path of the file on the device',
};

export const comment: INodeProperties = {
	displayName: 'Comment',
	name: 'comment',
	type: 'string',
	default: '=Started by n8n workflow {{ $workflow.name }}',
	placeholder: 'e.g. Triage for alert 4711',
	description:
		'The reason, shown in the Defender portal. The node adds a short marker by which it recognizes its own runs.',
};

export const waitForCompletion: INodeProperties = {
	displayName: 'Wait for Completion',
	name: 'waitForCompletion',
	type: 'boolean',
	default: true,
	description:
		'Whether to wait until the device has finished and return the result. Otherwise, the ID and status of the machine action are returned at once.',
};

export const outputFileField: INodeProperties = {
	...outputBinaryField,
	displayOptions: { show: { waitForCompletion: [true] } },
};

export const maxWaitOption: INodeProperties = {
	displayName: 'Max Wait (Minutes)',
	name: 'maxWaitMinutes',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 15,
	description:
		'How long to wait for the device to become free and to finish. If it has not finished by then, the item has finished: false and the machine action goes on.',
};

export const pollIntervalOption: INodeProperties = {
	displayName: 'Poll Interval (Seconds)',
	name: 'pollIntervalSeconds',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 10,
	description:
		'How often to check the status. Each check takes one API call, however many items are waiting.',
};

export const cancelOnTimeoutOption: INodeProperties = {
	displayName: 'Cancel on Timeout',
	name: 'cancelOnTimeout',
	type: 'boolean',
	default: false,
	description:
		'Whether to cancel the machine action when Max Wait is over. Only one that the device has not picked up yet can be cancelled.',
};

export const failOnNonZeroExitOption: INodeProperties = {
	displayName: 'Fail on Non-Zero Exit Code',
	name: 'failOnNonZeroExit',
	type: 'boolean',
	default: false,
	description:
		'Whether to fail an item whose script does not run, or ends with an exit code other than 0',
};

export const idempotencyKeyOption: INodeProperties = {
	displayName: 'Idempotency Key',
	name: 'idempotencyKey',
	type: 'string',
	default: '',
	placeholder: 'e.g. {{ $json.alertId }}-triage',
	description:
		'Runs with the same key on the same device within a day are one run: the first starts it, the others wait for it and share its result',
};

export const whenBusyOption = choiceField({
	displayName: 'When Device Is Busy',
	name: 'whenBusy',
	type: 'options',
	default: 'fail',
	description:
		'What to do when the device is already running a live response. A device takes one at a time.',
	options: [
		{ name: 'Fail', value: 'fail', description: 'Fail the item and name the one that is running' },
		{
			name: 'Return Result of Running One',
			value: 'attach',
			description: 'Yours is not run. The node waits for the running one and returns its result.',
		},
		{
			name: 'Wait',
			value: 'wait',
			description: 'Start yours as soon as the running one has ended',
		},
	],
});

/** Options that do nothing when the machine action is not waited for. */
export const whenWaiting = (...options: INodeProperties[]): INodeProperties[] =>
	shownWith({ '/waitForCompletion': [true] }, ...options);

const running = [
	...whenWaiting(cancelOnTimeoutOption),
	idempotencyKeyOption,
	maxWaitOption,
	pollIntervalOption,
	whenBusyOption,
];

const scripts = [
	encodeArgumentsOption,
	...whenWaiting(failOnNonZeroExitOption, parseOutputAsJsonOption, rawOutputOption),
];

const files = whenWaiting(decompressOption, maxFileSizeOption(LARGEST_FETCHED_FILE_MB));

/** How long waiting may take is seen without opening the list: it stands below 'Wait for Completion'. */
export const withMaxWait = (options: INodeProperties): INodeProperties => ({
	...options,
	default: { [maxWaitOption.name]: maxWaitOption.default },
});

const runOptions = (more: INodeProperties[]) =>
	withMaxWait(optionsCollection([...running, ...more]));

export const putFileOptions = runOptions([]);
export const runScriptOptions = runOptions([...scripts, scriptSha256Option]);
export const getFileOptions = runOptions([...files, ...whenWaiting(fileNameOption)]);
export const runCommandsOptions = runOptions([...scripts, ...files]);
