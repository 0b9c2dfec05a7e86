/** What each field says to each value, by the path of the field; before it the operation, where it differs. */
import type { NodePropertyTypes } from 'n8n-workflow';

import type { Row, ValueName } from './values.mts';

const NOTHING: ValueName[] = ['null', 'undefined', '""'];
const TEXTS: ValueName[] = ['text of a number', '"true"', '"false"'];
const NUMBERS: ValueName[] = ['a number', 'zero', 'one'];
const EVERY: ValueName[] = [...NUMBERS, ...TEXTS, ...NOTHING, 'object', 'list', 'date'];

type Rejected = Array<[values: ValueName[], message: string]>;

/** `'?'` in a message stands for the field; of two for a value the later one holds. */
const row =
	(...rejected: Rejected): Row =>
	(displayName) =>
		Object.fromEntries(
			EVERY.map((name) => {
				const message = rejected.findLast(([values]) => values.includes(name))?.[1];
				return [name, message?.replace("'?'", `'${displayName}'`) ?? null];
			}),
		) as ReturnType<Row>;

const compound: Rejected = [[['object', 'list'], "'?' is not text"]];
const empty: Rejected = [[NOTHING, "'?' is empty"]];

const text = row(...compound);
const onOff = row([
	['a number', 'text of a number', 'object', 'list', 'date'],
	"'?' is not true or false",
]);
const notNumbers: ValueName[] = ['"true"', '"false"', 'object', 'list', 'date'];
const numberFrom0 = row([notNumbers, "'?' is not a number of 0 or more"]);
const choice = row([[...NUMBERS, ...TEXTS, 'date'], "'?' has an unknown value"], ...compound);
const choices = row(
	[[...NUMBERS, ...TEXTS, 'date', 'list'], "'?' has an unknown value"],
	[['object'], "'?' is not text"],
);
const list = row([['object'], "'?' is not text"]);
const time = row([[...NUMBERS, ...TEXTS, 'object', 'list'], "'?' is not a time"]);
const collection = row([
	[...NUMBERS, ...TEXTS, 'list', 'date'],
	"'?' is not a collection of fields",
]);
const machineAction = row([EVERY, "'?' is not the ID of a machine action"], ...empty, ...compound);
const libraryName = row(
	[['date'], "'?' has a name that live response cannot use"],
	...empty,
	...compound,
);
const sha256 = row([[...NUMBERS, ...TEXTS, 'date'], "'?' is not a SHA-256 hash"], ...compound);
const filePath = row([EVERY, "'?' is not an absolute path"], ...empty, ...compound);

/** Fields whose type says it all; a row of their own wins. */
export const rowOfType: Partial<Record<NodePropertyTypes, Row>> = {
	boolean: onOff,
	options: choice,
	multiOptions: choices,
};

const noFilter: Rejected = [[[...NOTHING], "'Filters' is empty"]];
const wholeFrom1 = row([[...notNumbers, 'zero'], "'?' is not a whole number of 1 or more"]);
const numberFrom1 = row([[...notNumbers, 'zero'], "'?' is not a number of 1 or more"]);
const notTimes: ValueName[] = [...NUMBERS, ...TEXTS, 'object', 'list'];

export const rows: Record<string, Row> = {
	campaignKey: row(...compound, ...empty),
	startsAt: row([notTimes, "'?' is not a time"], ...empty, [
		['date'],
		"'?' is more than 60 days ago",
	]),
	'campaign.advance machineId': row(...compound, [NOTHING, "'?' does not name a device"]),
	'campaign.getStatus machineId': row(...compound, [NOTHING, "'?' does not name a device"]),
	'campaign.advance filters': row(
		[[...NUMBERS, ...TEXTS, 'list', 'date'], "'?' is not a collection of fields"],
		[[...NOTHING, 'object'], "'Filters' is empty"],
	),
	'campaign.getStatus filters': row(
		[[...NUMBERS, ...TEXTS, 'list', 'date'], "'?' is not a collection of fields"],
		[[...NOTHING, 'object'], "'Filters' is empty"],
	),
	'campaign.advance filters.tag': row(...compound, ...noFilter),
	'campaign.getStatus filters.tag': row(...compound, ...noFilter),
	'options.expiresAt': row(
		[notTimes, "'?' is not a time"],
		[['date'], "'?' is not after 'Starts At'"],
	),
	'options.endedAfter': time,
	'options.giveUpPendingMinutes': numberFrom1,
	'options.seenWithinHours': numberFrom1,
	'options.maxAttempts': wholeFrom1,
	'options.maxUnfinished': wholeFrom1,
	machineId: row(...compound, ...empty),
	'connection.check machineId': row(...compound),
	machineActionId: machineAction,
	scriptName: libraryName,
	libraryFileName: libraryName,
	'libraryFile.delete libraryFileName': row(...empty, ...compound),
	tag: row(...empty, ...compound),
	sha1: row([EVERY, "'?' is not the SHA-1 hash of a file"], ...compound),
	args: text,
	filePath,
	comment: text,
	limit: row([[...notNumbers, 'zero'], "'?' is not a whole number of 1 or more"]),
	commandIndex: row([notNumbers, "'?' is not a whole number of 0 or more"]),
	appName: text,
	transcriptText: row(...empty),
	binaryPropertyName: row(...empty, ...compound),
	'result.parseTranscript binaryPropertyName': row(...empty, ...compound, [
		['object', 'date'],
		"'?' is not a file",
	]),
	'libraryFile.upload binaryPropertyName': row(...empty, ...compound, [
		['object', 'date'],
		"'?' is not a file",
	]),

	commands: row(
		[EVERY, "'?' is not a list of entries"],
		[[...NOTHING, 'object'], 'There is no command to run'],
	),
	'commands.command.scriptName': libraryName,
	'commands.command.libraryFileName': libraryName,
	'commands.command.args': text,
	'commands.command.scriptSha256': sha256,
	'commands.command.filePath': filePath,

	options: collection,
	'options.batching': collection,
	'options.batching.batch.batchSize': row([notNumbers, "'?' is not a number of -1 or more"]),
	'options.batching.batch.batchInterval': numberFrom0,
	'options.maxRateLimitWaitSeconds': numberFrom0,
	'options.maxWaitMinutes': numberFrom0,
	'options.pollIntervalSeconds': row([[...notNumbers, 'zero'], "'?' is not a number of 1 or more"]),
	'options.maxFileSizeMb': row([[...notNumbers, 'zero'], "'?' is not a number above 0"]),
	'options.idempotencyKey': text,
	'options.fileName': text,
	'options.scriptSha256': sha256,
	'libraryFile.upload options.fileName': row(
		[['date'], 'The file name has characters that live response does not accept'],
		...compound,
	),
	'options.description': text,
	'options.parametersDescription': text,

	filters: collection,
	'filters.createdAfter': time,
	'filters.createdBefore': time,
	'filters.lastSeenAfter': time,
	'filters.lastSeenBefore': time,
	'filters.ipAddressTime': row(
		[[...NUMBERS, ...TEXTS, 'object', 'list'], "'?' is not a time"],
		[['date'], "'IP Address at Time' is set without 'IP Address'"],
	),
	'filters.machineId': row(...compound),
	'filters.idempotencyKey': text,
	'filters.campaignKey': text,
	'filters.requestor': text,
	'filters.scriptName': list,
	'filters.computerDnsName': text,
	'filters.computerDnsNameStartsWith': text,
	'filters.osPlatform': text,
	'filters.lastIpAddress': row(
		[[...NUMBERS, ...TEXTS, 'date'], "'?' is not an IP address"],
		...compound,
	),
	'filters.rbacGroupId': row(
		[['"true"', '"false"', 'date'], "'?' is not the number of a device group"],
		...compound,
	),
	'filters.tag': text,
	'filters.tagStartsWith': text,
	'filters.ipAddress': row(
		[[...NUMBERS, ...TEXTS, 'date'], "'?' is not an IP address"],
		...compound,
	),
};
