const transcriptFields = [
	'script_name',
	'exit_code',
	'output',
	'error',
	'transcript_path',
	'parse',
] as const;

/** The fields of a result, in their order. */
export const resultAlone = ['machineActionId', 'commandIndex', ...transcriptFields] as const;

/** The same beside the fields of its machine action. */
export const resultWithAction = [
	'machineActionId',
	'machineId',
	'computerDnsName',
	'status',
	'commandIndex',
	'commandType',
	'commandStatus',
	'requestor',
	'comment',
	'startTime',
	'endTime',
	...transcriptFields,
] as const;
