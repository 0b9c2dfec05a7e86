/** What a list of live responses tells of the API. */
import { commandParameter, createdAt, type MachineAction } from './machineAction';
import { isRecord } from './record';
import { NOT_SEEN, type Answers } from './reportQuestions';

type FromList = Pick<
	Answers,
	| 'failedCommand'
	| 'endings.timeOutCommand'
	| 'startTime'
	| 'lists.order'
	| 'answers.emptyCollections'
	| 'commandCount'
	| 'argumentsLength'
	| 'commentLength'
>;

/** @param actions in the order in which the API gave them */
export function answersOf(actions: readonly MachineAction[]): FromList {
	const commands = actions.flatMap((action) => action.commands);
	const failed = commands.filter(({ commandStatus }) => commandStatus === 'Failed');
	const completed = commands.filter(({ commandStatus }) => commandStatus === 'Completed');
	const timedOut = actions.filter(({ status }) => status === 'TimeOut');
	return {
		failedCommand: counted(failed, 'commandStatus Failed', ({ errors }) =>
			errors.length > 0 ? 'with a reason' : 'without a reason',
		),
		'endings.timeOutCommand': counted(
			timedOut.flatMap((action) => action.commands),
			'command',
			({ commandStatus }) =>
				STATUSES.find((status) => status === commandStatus) ?? 'of another status',
		),
		startTime: counted(completed, 'Completed', ({ startTime }) =>
			startTime === null ? 'without a start time' : 'with a start time',
		),
		'lists.order': orderOf(actions),
		'answers.emptyCollections': emptyCollections(actions),
		commandCount: mostSeen(actions.map((action) => action.commands.length)),
		argumentsLength: mostSeen(
			commands.flatMap((command) => commandParameter(command, 'Args')?.length ?? []),
		),
		commentLength: mostSeen(
			actions.flatMap(({ requestorComment }) => requestorComment?.length ?? []),
		),
	};
}

const STATUSES = ['Created', 'Executing', 'Completed', 'Failed'];

/** "command Created: 3; command Executing: 1" */
function counted<T>(entries: readonly T[], what: string, kindOf: (entry: T) => string): string {
	const kinds = [...new Set(entries.map(kindOf))].sort();
	if (kinds.length === 0) return NOT_SEEN;
	return kinds
		.map((kind) => `${what} ${kind}: ${entries.filter((entry) => kindOf(entry) === kind).length}`)
		.join('; ');
}

const mostSeen = (numbers: readonly number[]) =>
	numbers.length === 0 ? NOT_SEEN : `the most seen is ${numbers.reduce((a, b) => Math.max(a, b))}`;

function orderOf(actions: readonly MachineAction[]): string {
	const times = actions.flatMap((action) => createdAt(action) ?? []);
	if (times.length < 2) return NOT_SEEN;
	const isSorted = times.every((time, at) => at === 0 || times[at - 1] >= time);
	return isSorted ? 'newest first' : 'not newest first';
}

function emptyCollections(actions: readonly MachineAction[]): string {
	const found = new Set(actions.flatMap(({ sent }) => emptyIn(sent)));
	if (found.size === 0) return NOT_SEEN;
	return [...found].sort().join(' and ');
}

/** `list` or `null` for each collection without entries. */
function emptyIn(sent: Readonly<Record<string, unknown>>): string[] {
	const commands: unknown[] = Array.isArray(sent.commands) ? sent.commands : [];
	const collections = [
		sent.commands,
		...commands
			.filter(isRecord)
			.flatMap((entry) => [
				entry.errors,
				isRecord(entry.command) ? entry.command.params : undefined,
			]),
	];
	return collections.flatMap((value) => {
		if (value === null) return 'null';
		return Array.isArray(value) && value.length === 0 ? 'list' : [];
	});
}
