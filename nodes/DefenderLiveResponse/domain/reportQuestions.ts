/** What a report answers: the facts of docs/tenant-facts.md that a read can tell. */
export const QUESTIONS = {
	'missingResult.running':
		'What does the link call answer while the command has not ended, or its file is on the way?',
	'missingResult.putFile': 'What does it answer for a PutFile, which leaves no result?',
	'missingResult.wrongIndex': 'What does it answer for an index that the action does not have?',
	'missingResult.failedScript': 'What does it answer for a command that failed?',
	failedCommand: 'How does an action show that a command failed?',
	'endings.timeOutCommand': 'What does the command of an action show that ended as TimeOut?',
	startTime: 'Has every command that ran a start time?',
	resultRetention: 'How long are results kept?',
	'lists.order': 'Are lists newest first without $orderby?',
	'lists.takesOrderBy': 'Is $orderby taken?',
	'lists.takesCount': 'Is $count taken?',
	'lists.takesContains': 'Is contains taken?',
	'lists.takesIn': 'Is in (…) taken?',
	'lists.maxFilterNodes': 'How many conditions may a filter have?',
	'answers.emptyCollections': 'Are errors, params and commands without entries lists, or null?',
	commandCount: 'How many commands may a request have, and how long may arguments be?',
	argumentsLength: 'How many commands may a request have, and how long may arguments be?',
	commentLength: 'How long may a comment be?',
	'deviceLookup.noDevices': 'Is a search without result an empty list, or 404?',
	'deviceLookup.passingNotFound': 'Can a 404 of a device pass?',
	'deviceLookup.availableActions': 'Does the API say beforehand what a device allows?',
	listedOnly: 'Can a device be in lists that no call about it knows?',
	nameCase: 'Are names compared by case?',
} as const;

export type Fact = keyof typeof QUESTIONS;

/** Made of words of this package and numbers alone: nothing that a tenant wrote can get into a report. */
export type Answers = Record<Fact, string>;

export const NOT_SEEN = 'nothing to tell it by';
