/**
 * What a workflow can act on when an item fails: the codes in `details.code`. They are stored in
 * people's workflows, so a code never changes its meaning. docs/operations.md says of each what to do.
 */
export const REFUSAL_CODES = [
	'invalidInput',
	'deviceNotFound',
	'deviceAmbiguous',
	'deviceBusy',
	'deviceUnsupported',
	'notAllowed',
	'permissionMissing',
	'signInFailed',
	'rateLimited',
	'sessionsExhausted',
	'startUnknown',
	'keyReused',
	'scriptNotFound',
	'scriptChanged',
	'notFinished',
	'noResult',
	'nonZeroExit',
	'exitCodeUnknown',
	'fileTooLarge',
	'fileIncomplete',
	'hostNotAllowed',
	'unreachable',
	'apiError',
	'canceled',
	'unexpected',
] as const;

export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** What is known beside the code; a field is left out when nothing is. */
export interface RefusalFacts {
	machineActionId?: string;
	/** Of the script, as in the item of a script that succeeded. */
	exit_code?: number | null;
	output?: string | null;
	error?: string | null;
	/** The code that the API gave itself. */
	apiCode?: string;
}
