/** The columns of the fault matrix: what goes wrong, and what must come of it. */
import type { FaultKind, FaultOrder } from '../../../emulator/faults/fault.mts';
import type { Row } from './rows.mts';

/** `more` is what is called beyond the calls of a run without faults. */
export type Expected =
	| { kind: 'same'; more?: Record<string, number> }
	/** One item, or each, is refused with this; the others come out as ever. */
	| {
			kind: 'refused';
			items: 'one' | 'all';
			httpCode: string | null;
			message?: RegExp;
			more?: Record<string, number>;
	  }
	| { kind: 'notApplicable'; reason: string };

export interface Fault {
	title: string;
	/** Ordered for the row's call, whichever item makes it first. */
	order?: FaultKind & Pick<FaultOrder, 'count'>;
	/** Changes of the surroundings instead. */
	setting?: 'expiredToken' | 'noSuchHost' | 'clockAhead' | 'clockBehind';
	/** The least and the most that is waited before a refused call is made again, in seconds. */
	waits?: [least: number, most: number];
	/** A body that stops, rather than an answer, exists for files only. */
	isOfBody?: boolean;
	expected(row: Row): Expected;
}

const notApplicable = (reason: string): Expected => ({ kind: 'notApplicable', reason });
const same = (more: Record<string, number> = {}): Expected => ({ kind: 'same', more });

const refused = (
	items: 'one' | 'all',
	httpCode: string | null,
	more: Record<string, number> = {},
	message?: RegExp,
): Expected => ({ kind: 'refused', items, httpCode, more, message });

/** Nothing arrives at all. */
const none = (row: Row) =>
	Object.fromEntries(Object.entries(row.calls).map(([call, times]) => [call, -times]));

/** Every item makes its call so many times more. */
const each = (row: Row, times: number) => ({ [row.call]: times * row.calls[row.call] });

const again =
	(times: number) =>
	(row: Row): Expected =>
		same({ [row.call]: times });

/** Nothing was done, and no answer says so. */
function nothingDone(row: Row): Expected {
	switch (row.call) {
		case 'start':
			return refused('one', null, {}, /^It is not known whether/);
		case 'upload':
			return row.isRepeatable
				? again(1)(row)
				: refused('one', row.lostCode ?? null, { library: 1 });
		default:
			return again(1)(row);
	}
}

const nothingDoneWith = (status: string) => (row: Row) => nothingDone({ ...row, lostCode: status });

/** The work was done, and the answer got lost. */
function allDone(row: Row): Expected {
	switch (row.call) {
		case 'start':
			return same();
		case 'upload':
			return same(row.isRepeatable ? { upload: 1, library: 1 } : { library: 1 });
		case 'cancel':
			return same({ cancel: 1, action: 1 });
		default:
			return again(1)(row);
	}
}

/** The call that gives the link to a file. */
const linkOf = (row: Row) => (isPackage(row) ? 'package' : 'link');

const isPackage = (row: Row) => 'package' in row.calls;

/** An answer without the headers of Azure Storage, which only a proxy gives. */
const notTheStore = refused(
	'one',
	null,
	{},
	/^Something else answered in place of the result store$/,
);

const bodyFault = (fault: Omit<Fault, 'isOfBody'>): Fault => ({ ...fault, isOfBody: true });

const storm = (title: string, order: Fault['order'], waits: Fault['waits']): Fault => ({
	title,
	order,
	waits,
	expected: again(2),
});

const refusals = { kind: 'tooManyRequests', count: 2 } as const;

/** Whether there is a limit of a few such calls a minute, for which many may wait. */
const isOfFew = ({ call, operation }: Row) =>
	call === 'start' ? operation.startsWith('liveResponse') : ['package', 'upload'].includes(call);

function refusedForGood(row: Row): Expected {
	if (row.host === 'download') return refused('all', '429', each(row, 4));
	return refused('all', '429', each(row, isOfFew(row) ? 40 : 8));
}

export const faults: Fault[] = [
	{ title: 'none', expected: () => same() },
	storm('429 seconds', { ...refusals, retryAfter: 'seconds', seconds: 7 }, [7, 15]),
	storm('429 fraction', { ...refusals, retryAfter: 'fraction', seconds: 2.25 }, [2.25, 9]),
	storm('429 date', { ...refusals, retryAfter: 'date', seconds: 20 }, [19, 30]),
	storm('429 no time', { ...refusals, retryAfter: 'absent' }, [1, 70]),
	{
		title: '429 for good',
		order: { kind: 'tooManyRequests', seconds: 1, count: Infinity },
		expected: refusedForGood,
	},
	{ title: '500', order: { kind: 'serverError' }, expected: nothingDoneWith('500') },
	{ title: '502 page', order: { kind: 'badGateway' }, expected: nothingDoneWith('502') },
	{ title: '503', order: { kind: 'unavailable' }, expected: nothingDoneWith('503') },
	{
		title: '503 for good',
		order: { kind: 'unavailable', count: Infinity },
		expected: (row) => {
			if (row.call === 'start') return refused('all', null, {}, /^It is not known whether/);
			if (row.call === 'upload') {
				return row.isRepeatable
					? refused('all', '503', { upload: 3, library: 1 })
					: nothingDoneWith('503')(row);
			}
			return refused('all', '503', each(row, { file: 4, delete: 4 }[row.call] ?? 3));
		},
	},
	{ title: 'reset before', order: { kind: 'resetBefore' }, expected: nothingDone },
	{
		title: 'reset after',
		order: { kind: 'lostAnswer' },
		expected: (row) => (row.host === 'download' ? again(1)(row) : allDone(row)),
	},
	{
		title: 'empty body',
		order: { kind: 'emptyBody' },
		expected: (row) => {
			if (row.host === 'download') return isPackage(row) ? again(1)(row) : notTheStore;
			return row.call === 'delete' ? same() : allDone(row);
		},
	},
	{
		title: 'not JSON',
		order: { kind: 'notJson' },
		expected: (row) => {
			if (row.host === 'download') return notTheStore;
			return row.call === 'delete' ? same() : allDone(row);
		},
	},
	{ title: 'slow answer', order: { kind: 'slow', seconds: 0.05 }, expected: () => same() },
	{
		title: 'expired token',
		setting: 'expiredToken',
		expected: (row) =>
			row.host === 'download' ? notApplicable('the link is the permission') : same(),
	},
	{
		title: 'revoked token',
		order: { kind: 'revokeTokens' },
		expected: (row) =>
			row.host === 'download' ? notApplicable('the link is the permission') : same(),
	},
	{
		title: 'revoked role',
		order: { kind: 'forbidden' },
		expected: (row) =>
			row.host === 'download'
				? notApplicable('the link is the permission')
				: refused('one', '403', {}, /^The app registration may not do this/),
	},
	{
		title: '404 lag',
		order: { kind: 'notYetThere' },
		expected: (row) => {
			switch (row.call) {
				case 'link':
					return same({ link: 1, action: 1 });
				case 'package':
					return same({ package: 1 });
				case 'file':
					return same({ file: 1, [linkOf(row)]: 1 });
				case 'action':
					return row.operation === 'machineAction: wait'
						? same({ action: 1 })
						: refused('one', '404', {}, /was not found$/);
				default:
					return notApplicable('only results and machine actions appear late');
			}
		},
	},
	{
		title: 'DNS',
		setting: 'noSuchHost',
		expected: (row) =>
			row.host === 'download'
				? isPackage(row)
					? notApplicable('no redirect is followed')
					: refused('all', null, each(row, 4), /store could not be reached$/)
				: refused('all', null, none(row), /^The Defender API could not be reached$/),
	},
	{
		title: 'clock ahead',
		setting: 'clockAhead',
		order: { kind: 'tooManyRequests', retryAfter: 'date', seconds: 20 },
		waits: [19, 30],
		expected: again(1),
	},
	{
		title: 'clock behind',
		setting: 'clockBehind',
		order: { kind: 'tooManyRequests', retryAfter: 'date', seconds: 20 },
		waits: [19, 30],
		expected: again(1),
	},
	bodyFault({ title: 'empty file', order: { kind: 'otherLength', bytes: 0 }, expected: again(1) }),
	bodyFault({ title: 'reset in body', order: { kind: 'resetMidBody' }, expected: again(1) }),
	bodyFault({ title: 'truncated body', order: { kind: 'truncated' }, expected: again(1) }),
	bodyFault({
		title: 'truncated for good',
		order: { kind: 'truncated', count: Infinity },
		expected: (row) =>
			refused('all', null, each(row, 4), /^The download of the result file was interrupted/),
	}),
	bodyFault({
		title: 'slow body',
		order: { kind: 'slowBody', bytesPerSecond: 10_000 },
		expected: () => same(),
	}),
	bodyFault({
		title: 'expired link',
		order: { kind: 'expiredLink' },
		expected: (row) => same({ file: 1, [linkOf(row)]: 1 }),
	}),
	bodyFault({
		title: 'link refused for good',
		order: { kind: 'expiredLink', count: Infinity },
		expected: (row) => refused('all', '403', { ...each(row, 1), [linkOf(row)]: row.calls.file }),
	}),
];

export function expectedOf(fault: Fault, row: Row): Expected {
	if (fault.isOfBody === true && row.host === 'api') {
		return notApplicable('an answer of the API is small JSON: it comes whole, or not as JSON');
	}
	if ((fault.waits?.[1] ?? 0) > (row.longestHoldSeconds ?? Infinity)) {
		return notApplicable('it waits shortly for a limit, and the next execution comes soon');
	}
	const expected = fault.expected(row);
	return expected.kind === 'refused' && row.isForAll ? { ...expected, items: 'all' } : expected;
}
