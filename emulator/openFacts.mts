/**
 * Settings for what the cloud is not known to do one way or the other. Each says what is open and where the answers
 * come from: documented (Microsoft's pages), recorded (an answer somebody published), public code (what other clients
 * provide for), reported (an issue), or the default of the library that the API is built with.
 */

/** What the link call answers where there is no result: 404 `ResourceNotFound` or 400 `InvalidInput`. */
export type NoResult = 'notFound' | 'invalidInput';

/** Which refusal says "no result". Documented for none of them; public code provides for both. */
export interface MissingResult {
	/** The command has not run, runs, or has ended so recently that its link lags behind. */
	running: NoResult;
	/** The command is a PutFile, which never has a result. */
	putFile: NoResult;
	/** The action has no command of that index. */
	wrongIndex: NoResult;
	/** The command failed. */
	failedScript: NoResult;
	/** The action has no package, or none yet. Documented as 404 in one place, and as 400 in another. */
	package: NoResult;
}

/** How lists are ordered and which OData they take. What is not taken is a 400 with an empty code. */
export interface Lists {
	/** Order without `$orderby`. One documented sample has the newest first; no page promises it. */
	order: 'newestFirst' | 'byId';
	/** `$orderby` is not documented; public code uses it. */
	takesOrderBy: boolean;
	/** `$count` is not documented; public code uses it. */
	takesCount: boolean;
	/** `contains` is not documented. */
	takesContains: boolean;
	/** `in` is not documented; public code uses it, mostly with one element. */
	takesIn: boolean;
	/** Nodes of a filter: a comparison has 4, each `and` and `or` 1. 100 is the library's default, the service's own number is unknown. */
	maxFilterNodes: number;
	/** Whether links beyond the second page still have the filter. Malformed ones were reported for devices. */
	nextLinks: 'whole' | 'loseFilter';
}

/** How limits are counted and what their refusals say. */
export interface Throttling {
	/** Whether a limit's minute moves on with each call or begins anew for all. Not documented. */
	window: 'sliding' | 'fixed';
	/** Whether refused calls count against the limits. Not documented. */
	countsRefused: boolean;
	/** The text of the API's list of errors, or the recorded one that names the limit that is spent. */
	body: 'general' | 'quota';
	/** Whether an action that waits for a device which is away takes one of the tenant's sessions. Reported once. */
	pendingTakesSession: boolean;
}

/** Two starts on one device. */
export interface Starts {
	/**
	 * The answer to a start just after somebody else's on the same device: 400 `ActiveRequestAlreadyExists`, the other's
	 * action in place of one's own, or the other's action while one's own runs as well. Public code provides for the latter two.
	 * `echoed` is the other's action under the comment that was sent, which only reading it shows to be the other's.
	 */
	race: 'refused' | 'other' | 'both' | 'echoed';
	/** Emulated seconds that "just after" lasts; about one in public code. */
	raceSeconds: number;
	/**
	 * How a start is refused while an action of its type, other than a live response, runs on the device: by the code of
	 * live response, or by its words alone. The words are documented, the code is not.
	 */
	busyAction: 'named' | 'wordsOnly';
}

/** Odd ends of an action. */
export interface Endings {
	/** What the command of an action shows that ended as TimeOut: never begun, or begun with an unknown end. Not documented. */
	timeOutCommand: 'Created' | 'Executing';
	/** A cancel call comes too late: the commands run, have results, and the action ends as Cancelled. Public code provides for it. */
	cancelComesLate: boolean;
	/** Cancelling one action of a device cancels its others too. Reported. */
	cancelTakesAll: boolean;
}
