import { harshCloud } from './harshCloud.mts';
import type { ProfileOptions, SettingsOptions } from './settings.mts';

export type ProfileName = 'plain' | 'harsh';

/** Where to start from: what the facts suggest, or for each open fact the answer that hurts a client most. */
export const profiles: Record<ProfileName, SettingsOptions> = {
	plain: {},
	harsh: {
		limits: { uploadsPerMinute: 6 },
		retryAfter: 'absent',
		lag: { action: 120, list: 120, link: 4 },
		missingResult: {
			running: 'invalidInput',
			putFile: 'invalidInput',
			wrongIndex: 'invalidInput',
			failedScript: 'invalidInput',
			package: 'invalidInput',
		},
		lists: {
			order: 'byId',
			takesOrderBy: false,
			takesCount: false,
			takesContains: false,
			takesIn: false,
			maxFilterNodes: 100,
			nextLinks: 'loseFilter',
		},
		throttling: {
			window: 'fixed',
			countsRefused: true,
			body: 'quota',
			pendingTakesSession: true,
		},
		starts: { race: 'other', busyAction: 'wordsOnly' },
		...harshCloud,
		endings: { timeOutCommand: 'Executing', cancelComesLate: true, cancelTakesAll: true },
	},
};

/**
 * The harsh profile for tests and programs that wait in real time, where nobody can sit out two minutes for each
 * action. Three seconds still hurt a client that expects to see at once what it has just started: they outlast all
 * that it does in one go, and the first repetition of a refused call.
 */
export const harshInRealTime: ProfileOptions = { profile: 'harsh', realLagSeconds: 3 };
