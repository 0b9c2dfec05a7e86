/** What this tenant's API answers to harmless reads. */
import { createdAt, type MachineAction } from '../domain/machineAction';
import { isMachineId, NO_ACTION } from '../domain/identifiers';
import { isRecord } from '../domain/record';
import { answersOf } from '../domain/reportAnswers';
import { NOT_SEEN, type Answers } from '../domain/reportQuestions';
import { machineActionsOf } from '../domain/sentAction';
import { isNotFound, type ApiCall, type ApiOutcome } from '../transport/apiCall';
import type { Connection } from '../transport/connection';
import { bodyOf, refusalError } from '../transport/errors';
import { odataString } from '../transport/odata';
import { LARGEST_TOP } from '../transport/pagination';
import { apiPath, type ApiPath } from '../transport/paths';
import { callApi } from '../transport/request';
import { actionAvailability } from './availableMachineActions';
import { LIVE_RESPONSE } from './machineActionLists';
import { resultLinkPath } from './machineActions';
import { NEWEST_FIRST } from './newestFirst';

const MOST_DEVICES = 5;
const MANY_CONDITIONS = 30;
const NO_INDEX = 99;
const DAY_MS = 24 * 3_600_000;

/** Throws an error of the first list: without machine actions there is nothing to report. */
export async function tenantReport(connection: Connection): Promise<Answers> {
	const first = read(apiPath`/machineactions`, {
		$filter: LIVE_RESPONSE,
		$top: String(LARGEST_TOP),
	});
	const body: unknown = bodyOf(connection, first, await callApi<unknown>(connection, first));
	const actions = machineActionsOf(listIn(body));
	return {
		...answersOf(actions),
		...(await aboutLists(connection)),
		...(await aboutResults(connection, actions)),
		...(await aboutDevices(connection)),
	};
}

const read = (path: ApiPath, query?: ApiCall['query']): ApiCall => ({
	method: 'GET',
	path,
	...(query ? { query } : {}),
	permissions: ['Machine.ReadWrite.All'],
	subject: 'What the report asks for',
	repeat: 'harmless',
	lane: 'call',
});

const listIn = (body: unknown): unknown[] =>
	isRecord(body) && Array.isArray(body.value) ? body.value : [];

async function ask(connection: Connection, call: ApiCall): Promise<ApiOutcome<unknown>> {
	const outcome = await callApi<unknown>(connection, call);
	if (outcome.kind === 'ok' || outcome.refusal.kind !== 'stopped') return outcome;
	throw refusalError(connection.functions.getNode(), call, outcome.refusal);
}

/** The status alone: codes and words are the service's. */
function said(outcome: ApiOutcome<unknown>, whenOk: string): string {
	if (outcome.kind === 'ok') return whenOk;
	return outcome.refusal.kind === 'status' ? `HTTP ${outcome.refusal.status}` : 'no answer';
}

async function aboutLists(connection: Connection) {
	const taken = async (path: ApiPath, query: Record<string, string>) =>
		said(await ask(connection, read(path, { ...query, $top: '1' })), 'yes');
	const actions = apiPath`/machineactions`;
	const conditions = Array.from({ length: MANY_CONDITIONS }, () => `id eq ${NO_ACTION}`);
	const many = await taken(actions, { $filter: conditions.join(' or ') });
	return {
		'lists.takesOrderBy': await taken(actions, { $orderby: NEWEST_FIRST }),
		'lists.takesCount': await taken(actions, { $count: 'true' }),
		'lists.takesContains': await taken(apiPath`/machines`, {
			$filter: "contains(computerDnsName,'a')",
		}),
		'lists.takesIn': await taken(actions, { $filter: "type in ('LiveResponse')" }),
		'lists.maxFilterNodes': `${MANY_CONDITIONS} conditions: ${many}`,
	};
}

async function aboutResults(connection: Connection, actions: readonly MachineAction[]) {
	const link = async (asked: Asked | undefined) =>
		asked === undefined
			? NOT_SEEN
			: said(await ask(connection, read(resultLinkPath(asked.id, asked.index))), 'a link');
	const find = (type: string | null, commandStatuses: readonly string[]) =>
		findCommand(actions, type, commandStatuses);
	const [oldest] = actions
		.filter(({ commands }) =>
			commands.some(
				({ command, commandStatus }) =>
					command.type === 'RunScript' && commandStatus === 'Completed',
			),
		)
		.sort((a, b) => (createdAt(a) ?? Infinity) - (createdAt(b) ?? Infinity));
	const [any] = actions;
	const ageMs = oldest && connection.clock.wallTime() - (createdAt(oldest) ?? 0);
	return {
		'missingResult.running': await link(find(null, ['Created', 'Executing'])),
		'missingResult.putFile': await link(find('PutFile', ['Completed'])),
		'missingResult.wrongIndex': await link(any && { id: any.id, index: NO_INDEX }),
		'missingResult.failedScript': await link(find('RunScript', ['Failed'])),
		resultRetention: oldest
			? `the oldest result listed is ${Math.floor((ageMs ?? 0) / DAY_MS)} days old: ${await link(
					findCommand([oldest], 'RunScript', ['Completed']),
				)}`
			: NOT_SEEN,
	};
}

interface Asked {
	id: string;
	index: number;
}

/** A command that is on its way is one of an action that has not ended. */
function findCommand(
	actions: readonly MachineAction[],
	type: string | null,
	statuses: readonly string[],
): Asked | undefined {
	const found = actions
		.filter(({ status }) => type !== null || status === 'Pending' || status === 'InProgress')
		.flatMap(({ id, commands }) => commands.map((command) => ({ id, command })))
		.find(
			({ command }) =>
				(type === null || command.command.type === type) &&
				statuses.includes(command.commandStatus),
		);
	return found && { id: found.id, index: found.command.index };
}

async function aboutDevices(connection: Connection) {
	const list = async (query: Record<string, string>) =>
		await ask(connection, read(apiPath`/machines`, query));
	const listed = await list({ $top: String(MOST_DEVICES) });
	const devices = (listed.kind === 'ok' ? listIn(listed.body) : []).filter(isRecord);
	const ids = devices.map(({ id }) => String(id)).filter(isMachineId);
	const name = devices.map(({ computerDnsName }) => computerDnsName).find(isText);
	const known = async (id: string) => (await ask(connection, read(apiPath`/machines/${id}`))).kind;
	const firsts = await Promise.all(ids.map(known));
	const missed = ids.filter((_id, at) => firsts[at] !== 'ok');
	const seconds = await Promise.all(missed.map(known));
	const passed = seconds.filter((kind) => kind === 'ok').length;
	const upper = name && { $filter: `computerDnsName eq ${odataString(name.toUpperCase())}` };
	const named = upper && (await list(upper));
	const nobody = await list({ $filter: "computerDnsName eq 'no-device-has-this-name'" });
	return {
		'deviceLookup.noDevices': said(nobody, 'an empty list'),
		'deviceLookup.passingNotFound': ids.length === 0 ? NOT_SEEN : `${passed} of ${ids.length}`,
		'deviceLookup.availableActions':
			ids.length === 0
				? NOT_SEEN
				: (await actionAvailability(connection, ids[0], 'LiveResponse'))
					? 'yes'
					: 'no',
		listedOnly: ids.length === 0 ? NOT_SEEN : `${missed.length - passed} of ${ids.length}`,
		nameCase: named ? nameCase(named) : NOT_SEEN,
	};
}

/** The answer to a search for a name of a device in upper case. None found can be a 404. */
function nameCase(outcome: ApiOutcome<unknown>): string {
	if (outcome.kind === 'ok') return listIn(outcome.body).length > 0 ? 'not by case' : 'by case';
	return isNotFound(outcome.refusal) ? 'by case' : said(outcome, '');
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
