/** The fields of the trigger. */
import type { INodeProperties } from 'n8n-workflow';

import { LARGEST_TRANSCRIPT_MB } from '../domain/fileSize';
import { COMMAND_TYPES } from '../domain/machineAction';
import { outputBinaryField } from './binaryFields';
import { choiceField } from './choice';
import { filtersCollection, valuesFilter } from './filters';
import { libraryFileLocator } from './libraryFile';
import { machineLocator } from './machine';
import {
	collectionOf,
	decompressOption,
	maxFileSizeOption,
	parseOutputAsJsonOption,
	rawOutputOption,
} from './options';
import { simplify } from './response';

export const END_STATUSES = ['Cancelled', 'Failed', 'Succeeded', 'TimeOut'] as const;

/** One event, so there is nothing to choose; the node creator shows its `action`. */
const triggerOn: INodeProperties = {
	displayName: 'Trigger On',
	name: 'triggerOn',
	type: 'hidden',
	noDataExpression: true,
	default: 'liveResponseEnded',
	options: [
		{
			name: 'Live Response Ended',
			value: 'liveResponseEnded',
			action: 'On live response ended',
			description: 'A live response succeeded, failed, timed out or was cancelled',
		},
	],
};

export const startedBy = choiceField({
	displayName: 'Started By',
	name: 'startedBy',
	type: 'options',
	default: 'anyone',
	description: 'Whose live responses start the workflow',
	// A signed-in user's live responses carry the user's name, not the app's.
	displayOptions: { show: { authentication: ['appRegistration'] } },
	options: [
		{ name: 'Anyone', value: 'anyone', description: 'People, other tools and this app' },
		{
			name: 'This App Registration',
			value: 'thisApp',
			description: 'Only those started by the app registration of the credential',
		},
	],
});

export const appName: INodeProperties = {
	displayName: 'App Registration Name',
	name: 'appName',
	type: 'string',
	default: '',
	placeholder: 'e.g. n8n Live Response',
	description:
		'The display name of the app registration in Entra. Defender shows an app by its name or by its client ID. Without the name, runs of any app that carry the marker of this node count as well.',
	displayOptions: { show: { authentication: ['appRegistration'], startedBy: ['thisApp'] } },
};

export const includeOwnRuns: INodeProperties = {
	displayName: 'Include Own Runs',
	name: 'includeOwnRuns',
	type: 'boolean',
	default: false,
	description:
		'Whether live responses started by this workflow start it as well. If so, a workflow that runs a script on what this trigger reports never ends.',
};

export const includeFilesOption: INodeProperties = {
	displayName: 'Include Files',
	name: 'includeFiles',
	type: 'boolean',
	default: false,
	description:
		"Whether to fetch the files of GetFile commands. n8n never deletes files that a trigger has fetched: they stay on its disk. It does delete files of the operation 'Download', with their execution.",
};

export const includeResults: INodeProperties = {
	displayName: 'Include Results',
	name: 'includeResults',
	type: 'boolean',
	default: true,
	description:
		'Whether to return one item for every command with its parsed result, instead of one item for the machine action',
	hint: 'Takes one API call for each command that has a result',
};

const withResults = { show: { includeResults: [true] } };

export const triggerFilters: INodeProperties[] = [
	{
		displayName: 'Campaign Key',
		name: 'campaignKey',
		type: 'string',
		default: '',
		placeholder: 'e.g. find-evil-dll-2026-01',
		description:
			"Only live responses of the campaign with this key, whichever workflow advances it. Those of this workflow count even without 'Include Own Runs'.",
	},
	valuesFilter(
		{
			displayName: 'Command Type',
			name: 'commandType',
			description: 'Only live responses with at least one command of these types',
		},
		COMMAND_TYPES,
	),
	{
		...machineLocator,
		required: false,
		description: 'Only live responses on this device',
	},
	{
		displayName: 'Idempotency Key',
		name: 'idempotencyKey',
		type: 'string',
		default: '',
		placeholder: 'e.g. da637551227677560813-triage',
		description:
			"Only live responses that the node 'Defender Live Response' started with this key, in whichever workflow. For those of this workflow, turn on 'Include Own Runs' as well.",
	},
	{
		...libraryFileLocator('scriptName', 'Script'),
		required: false,
		description:
			"Only live responses with this script. In 'By Name', separate several names with commas.",
	},
	valuesFilter(
		{ displayName: 'Status', name: 'status', description: 'How the live response ended' },
		END_STATUSES,
	),
];

export const triggerProperties: INodeProperties[] = [
	triggerOn,
	startedBy,
	appName,
	includeOwnRuns,
	includeResults,
	{ ...simplify, displayOptions: { show: { includeResults: [false] } } },
	{ ...outputBinaryField, displayOptions: withResults },
	filtersCollection(triggerFilters),
	{
		...collectionOf([
			{ ...decompressOption, displayOptions: { show: { includeFiles: [true] } } },
			includeFilesOption,
			maxFileSizeOption(LARGEST_TRANSCRIPT_MB),
			parseOutputAsJsonOption,
			rawOutputOption,
		]),
		displayOptions: withResults,
	},
];
