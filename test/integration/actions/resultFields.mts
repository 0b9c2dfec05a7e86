/** The fields of a result beside those of its machine action, in their order. */
export const resultWithAction = [
	'machineActionId',
	'machineId',
	'computerDnsName',
	'status',
	'commandIndex',
	'commandType',
	'commandStatus',
	'script_name',
	'exit_code',
	'output',
	'error',
	'transcript_path',
	'parse',
] as const;
