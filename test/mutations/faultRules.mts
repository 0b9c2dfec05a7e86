/** The rules behind the fault matrix, each with the text that switches it off and the faults whose cells must then fail. */
import { literally, type Change, type Mutation, type MutationList } from './mutation.mts';

interface Rule extends Change {
	readonly rule: string;
	readonly faults: readonly string[];
	/** A rule that makes up for this one, and is switched off with it. */
	readonly alsoOff?: string;
}

const node = 'nodes/DefenderLiveResponse/';
const retry = `${node}transport/retry.ts`;
const download = `${node}results/download.ts`;

const service = ['500', '502 page', '503', '503 for good'];
const refusals = ['429 seconds', '429 fraction', '429 date', '429 no time'];
const clocks = ['clock ahead', 'clock behind'];
const lost = ['reset before', 'reset after', 'empty body', 'not JSON'];

const rules: readonly Rule[] = [
	{
		rule: 'A refused call is repeated',
		file: retry,
		from: 'past[because] < most',
		to: 'past[because] < 0',
		faults: [...refusals, '429 for good', ...clocks],
	},
	{
		rule: 'Retry-After is kept to',
		file: `${node}limits/sharedLimit.ts`,
		from: 'if (retryAfterMs) return',
		to: 'if (retryAfterMs === -1) return',
		faults: [...refusals, ...clocks],
	},
	{
		rule: 'A date is compared with the clock of the service',
		file: `${node}transport/retryAfter.ts`,
		from: 'httpDate(headers.date) ?? now',
		to: 'now',
		faults: clocks,
	},
	{
		rule: 'A call is refused eight times at most',
		file: retry,
		from: 'MOST_REFUSALS = 8',
		to: 'MOST_REFUSALS = 9',
		faults: ['429 for good'],
	},
	{
		rule: 'One of a limit of a few a minute is refused forty times at most',
		file: retry,
		from: 'MOST_OWN_REFUSALS = 40',
		to: 'MOST_OWN_REFUSALS = 41',
		faults: ['429 for good'],
	},
	{
		rule: 'A read is repeated after 5xx',
		file: retry,
		from: 'isPassingStatus(answer.status)',
		to: 'false',
		faults: service,
	},
	{
		rule: 'A read is repeated three times at most',
		file: retry,
		from: 'MOST_FAILURES = 3',
		to: 'MOST_FAILURES = 4',
		faults: ['503 for good'],
	},
	{
		rule: 'A POST is repeated only after 429',
		file: retry,
		from: "call.repeat === 'harmless'",
		to: "call.repeat !== 'never'",
		faults: [...service, ...lost],
	},
	{
		rule: 'After a lost answer it is looked for what was done',
		file: retry,
		from: "return refusal.status >= 500 || refusal.status === 408;\n\t\tcase 'unreadable':\n\t\t\treturn true;\n\t\tcase 'unreachable':\n\t\t\treturn !wasNeverSent(refusal.code);",
		to: "case 'unreadable':\n\t\tcase 'unreachable':\n\t\t\treturn false;",
		faults: [...service, ...lost],
	},
	{
		rule: 'A network failure is told from a refused sign-in',
		file: `${node}transport/answers.ts`,
		from: "typeof code === 'string' &&",
		to: 'code === true &&',
		faults: ['DNS'],
	},
	{
		rule: 'A read is repeated after a network failure',
		file: retry,
		from: 'return repeatIf(isHarmless(call) || wasNeverSent(code), past, null);',
		to: "return { kind: 'stop' };",
		faults: ['reset before', 'reset after'],
	},
	{
		rule: 'An answer that is no JSON object counts as lost',
		file: retry,
		from: "return call.method === 'DELETE' || answer.status === 204 || isRecord(answer.body);",
		to: 'return answer.status < 300;',
		faults: ['empty body', 'not JSON'],
	},
	{
		rule: 'A DELETE may be answered without JSON',
		file: retry,
		from: "call.method === 'DELETE' || answer.status === 204 ||",
		to: '',
		faults: ['empty body', 'not JSON'],
	},
	{
		rule: 'What a second DELETE does not find was deleted by the first',
		file: `${node}api/libraryFiles.ts`,
		from: "again.kind === 'ok' || isNotFound(again.refusal)",
		to: "again.kind === 'ok'",
		faults: ['reset after'],
	},
	{
		rule: 'What is cancelled already counts as cancelled',
		file: `${node}api/machineActions.ts`,
		from: 'cancelRequested: isCancelled(action)',
		to: 'cancelRequested: false',
		faults: lost,
	},
	{
		rule: 'A slow answer is waited for',
		file: `${node}transport/request.ts`,
		from: 'REQUEST_TIMEOUT_MS = 60_000',
		to: 'REQUEST_TIMEOUT_MS = 20',
		faults: ['slow answer'],
	},
	{
		rule: 'A slow answer to a start is waited for',
		file: `${node}transport/request.ts`,
		from: 'REQUEST_TIMEOUT_MS = 60_000',
		to: 'REQUEST_TIMEOUT_MS = 20',
		alsoOff: 'After a lost answer it is looked for what was done',
		faults: ['slow answer'],
	},
	{
		rule: 'A slow answer of the store is waited for',
		file: `${node}results/resultStore.ts`,
		from: 'ANSWER_TIMEOUT_MS = 60_000',
		to: 'ANSWER_TIMEOUT_MS = 20',
		faults: ['slow answer'],
	},
	{
		rule: 'A slow body is waited for',
		file: `${node}results/resultStore.ts`,
		from: 'AbortSignal.any(signals)',
		to: 'AbortSignal.any([...signals, AbortSignal.timeout(15)])',
		faults: ['slow body'],
	},
	{
		rule: 'After 401 the token is renewed and the call made again',
		file: `${node}transport/request.ts`,
		from: 'except: [401]',
		to: 'except: [418]',
		faults: ['expired token', 'revoked token'],
	},
	{
		rule: 'What is forbidden or not there is not asked for again',
		file: retry,
		from: 'isPassingStatus(answer.status)',
		to: '(isPassingStatus(answer.status) || [403, 404].includes(answer.status))',
		faults: ['revoked role', '404 lag'],
	},
	{
		rule: 'What is forbidden is not tried again, whatever it is',
		file: retry,
		from: 'if (answer.status === 429) {',
		to: 'if (answer.status === 429 || answer.status === 403) {',
		faults: ['revoked role'],
	},
	{
		rule: 'A result that is about to appear is waited for',
		file: `${node}results/commandResult.ts`,
		from: '[2000, 3000, 5000, 10_000]',
		to: '[] as number[]',
		faults: ['404 lag'],
	},
	{
		rule: 'A fresh machine action is waited for',
		file: `${node}api/machineActions.ts`,
		from: '[2000, 5000, 10_000, 20_000, 40_000, 60_000]',
		to: '[] as number[]',
		faults: ['404 lag'],
	},
	{
		rule: 'A link that was refused is renewed',
		file: download,
		from: 'if (this.isRenewed) throw',
		to: 'if (this.link) throw',
		faults: ['expired link', '404 lag', 'link refused for good'],
	},
	{
		rule: 'A link is renewed once only',
		file: download,
		from: 'this.isRenewed = true;',
		to: 'this.isRenewed = this.connection.events.renewedLinks > 3;',
		faults: ['link refused for good'],
	},
	{
		rule: 'A body that breaks off is not the end of the file',
		file: download,
		from: "yield { kind: 'broken' };",
		to: "yield { kind: 'end' };",
		faults: ['reset in body', 'truncated body', 'truncated for good'],
	},
	{
		rule: 'The store is asked again',
		file: download,
		from: 'if (await this.waitForRepeat(answer)) break;',
		to: '',
		faults: [
			...refusals,
			...clocks,
			...service,
			'429 for good',
			'reset before',
			'reset after',
			'DNS',
		],
	},
	{
		rule: 'The store is given time before it is asked again',
		file: download,
		from: 'waitBeforeRepeat(after?.retryAfterMs ?? null, this.repeats++, LONGEST_WAIT_MS)',
		to: '(this.repeats++, 10)',
		faults: refusals,
	},
	{
		rule: 'The store is asked again four times at most',
		file: download,
		from: 'MOST_REPEATS = 4',
		to: 'MOST_REPEATS = 5',
		faults: ['429 for good', '503 for good', 'DNS', 'truncated for good'],
	},
	{
		rule: 'An empty file is asked for again',
		file: `${node}results/resultStore.ts`,
		from: "isEmpty ? 'empty' : 'file'",
		to: "isEmpty ? 'file' : 'file'",
		faults: ['empty file'],
	},
	{
		rule: 'What something else than the store answers is no file',
		file: `${node}results/resultStore.ts`,
		from: 'if (!link.isPackage && !isFromStore(headers, connection.endpoints)) {',
		to: 'if (status === 0) {',
		faults: ['empty body', 'not JSON'],
	},
	{
		rule: 'A full tenant is waited for',
		file: retry,
		from: "if (isFullTenant(call, answer)) return { kind: 'repeat', afterMs: 0, because: 'fullTenants' };",
		to: "if (isFullTenant(call, answer)) return { kind: 'stop' };",
		faults: ['429 no time'],
	},
	{
		rule: 'What is no zip archive is no package',
		file: `${node}results/storedFile.ts`,
		from: 'if (source.link.isPackage && !isZip(sent.head)) throw notTheStoreError(connection, source.link);',
		to: '',
		faults: ['not JSON'],
	},
	{
		rule: 'A package that does not follow at once is waited for',
		file: `${node}results/packageLink.ts`,
		from: 'if (isNoResult(outcome.refusal)) return null;',
		to: '',
		faults: ['404 lag'],
	},
];

/** One operation of those that make the same call. */
const quickRows = '^(result: parseTranscript|liveResponse: runScript, start|machine|library).*';

const mutationOf = (rule: Rule, isQuick: boolean): Mutation => ({
	name: rule.rule,
	changes: [rule, ...rules.filter((other) => other.rule === rule.alsoOff)],
	test: 'test/integration/faultMatrix.test.mts',
	testNames: new RegExp(
		`${isQuick ? quickRows : ''}\\[(${rule.faults.map(literally).join('|')})\\]$`,
	),
});

/** The mutations; each cell of the matrix that they run must be made to fail by one of them. */
/** An empty body is rejected as empty, and without that as no zip archive. */
const HELD_TWICE = 'machine: collectInvestigationPackage, file: [empty body]';

export function faultMutations(isQuick: boolean): MutationList {
	return {
		mutations: rules.map((rule) => mutationOf(rule, isQuick)),
		mustFail: (name) => name !== HELD_TWICE,
	};
}
