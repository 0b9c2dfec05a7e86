import { pageOf, parseListQuery } from '../../../emulator/odata/listQuery.mts';
import type { Lists } from '../../../emulator/openFacts.mts';
import { plainSettings } from '../../../emulator/settings.mts';
import { machineActionSchema, machineSchema } from '../../../emulator/odata/schema.mts';

const actions = [
	{
		id: '11111111-1111-4111-8111-111111111111',
		status: 'Pending',
		type: 'LiveResponse',
		machineId: 'aa',
		requestor: "O'Brien",
		creationDateTimeUtc: '2026-01-01T00:00:00.0000000Z',
	},
	{
		id: '22222222-2222-4222-8222-222222222222',
		status: 'Succeeded',
		type: 'LiveResponse',
		machineId: 'bb',
		requestor: 'app',
		creationDateTimeUtc: '2026-02-01T00:00:00.0000000Z',
	},
	{
		id: '33333333-3333-4333-8333-333333333333',
		status: 'Failed',
		type: 'Isolate',
		machineId: 'aa',
		requestor: 'app',
		creationDateTimeUtc: '2026-03-01T00:00:00.0000000Z',
	},
];

const machines = [
	{ computerDnsName: 'pc-1.contoso.example', machineTags: ['Finance', 'VIP'], rbacGroupId: 1 },
	{ computerDnsName: 'pc-2.contoso.example', machineTags: [], rbacGroupId: 2 },
	{ computerDnsName: null, machineTags: ['Web'], rbacGroupId: 3 },
];

const query = (options: Record<string, string>) =>
	Object.entries(options)
		.map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
		.join('&');

const parse = (text: string, schema = machineActionSchema, lists: Partial<Lists> = {}) =>
	parseListQuery(text, schema, { ...plainSettings.lists, ...lists });

const selectActions = (filter: string) =>
	pageOf(actions, parse(query({ $filter: filter })), 100).value.map(({ id }) => String(id)[0]);

const selectMachines = (filter: string) =>
	pageOf(machines, parse(query({ $filter: filter }), machineSchema), 100).value.map((machine) =>
		machines.indexOf(machine as (typeof machines)[number]),
	);

describe('a filter of machine actions', () => {
	it.each([
		["status eq 'Pending'", ['1']],
		["machineId eq 'aa' and status ne 'Failed'", ['1']],
		["status eq 'Pending' or status eq 'Failed' and machineId eq 'bb'", ['1']],
		["(status eq 'Pending' or status eq 'Failed') and machineId eq 'aa'", ['1', '3']],
		["status in ('Pending','Succeeded')", ['1', '2']],
		["requestor eq 'O''Brien'", ['1']],
		['creationDateTimeUtc gt 2026-02-01T00:00:00Z', ['3']],
		['creationDateTimeUtc ge 2026-02-01T00:00:00Z', ['2', '3']],
		['creationDateTimeUtc lt 2026-02-01T01:00:00+01:00', ['1']],
		['creationDateTimeUtc le 2026-01-01Z', ['1']],
		['id eq 22222222-2222-4222-8222-222222222222', ['2']],
		["id in ('22222222-2222-4222-8222-222222222222')", ['2']],
		["startswith(requestor,'ap')", ['2', '3']],
		["contains(requestor,'Brien')", ['1']],
	])('%s', (filter, expected) => {
		expect(selectActions(filter)).toEqual(expected);
	});

	it.each([
		['an unknown field', "computerDnsName eq 'x'"],
		['a field that is only shown', "requestorComment eq 'x'"],
		['a date in quotes', "creationDateTimeUtc gt '2026-01-01T00:00:00Z'"],
		['a date without an offset', 'creationDateTimeUtc gt 2026-01-01T00:00:00'],
		['a date that does not exist', 'creationDateTimeUtc gt 2026-13-01T00:00:00Z'],
		['a status that does not exist', "status eq 'Canceled'"],
		['a status without quotes', 'status eq Pending'],
		['an id in quotes', "id eq '22222222-2222-4222-8222-222222222222'"],
		['an operator in capitals', "status EQ 'Pending'"],
		['an order of texts', "machineId gt 'aa'"],
		['a lone quote', "requestor eq 'O'Brien'"],
		['an open parenthesis', "(status eq 'Pending'"],
		['an unknown function', "endswith(requestor,'p')"],
		['a name from Object.prototype', "constructor eq 'x'"],
		['nothing', ''],
	])('with %s is refused', (_case, filter) => {
		expect(() => selectActions(filter)).toThrow();
	});
});

describe('a filter of machines', () => {
	it.each([
		["startswith(computerDnsName,'pc-')", [0, 1]],
		["machineTags/any(tag: tag eq 'VIP')", [0]],
		["machineTags/any(tag: startswith(tag,'W')) or rbacGroupId ge 3", [2]],
		['rbacGroupId gt 1', [1, 2]],
		['computerDnsName eq null', [2]],
	])('%s', (filter, expected) => {
		expect(selectMachines(filter)).toEqual(expected);
	});

	it('compares a collection only through any()', () => {
		expect(() => selectMachines("machineTags eq 'VIP'")).toThrow('any()');
		expect(() => selectMachines("startswith(machineTags,'V')")).toThrow();
	});
});

describe('the other query options', () => {
	const page = (options: Record<string, string>, pageSize = 100) =>
		pageOf(actions, parse(query(options)), pageSize);

	it('order, skip, take and count', () => {
		const { value, count, next } = page({
			$orderby: 'creationDateTimeUtc desc',
			$skip: '1',
			$top: '1',
			$count: 'true',
			$filter: "type in ('LiveResponse','Isolate')",
		});

		expect(value).toEqual([actions[1]]);
		expect(count).toBe(3);
		expect(next).toBeUndefined();
	});

	it('lead through every page with the filter and what is left of $top', () => {
		const first = page({ $filter: "status ne 'TimeOut'", $top: '3' }, 2);
		expect(first.value).toEqual([actions[0], actions[1]]);
		expect(first.next).toBe("$filter=status%20ne%20'TimeOut'&$top=1&$skip=2");

		const second = pageOf(actions, parse(first.next ?? ''), 2);
		expect(second.value).toEqual([actions[2]]);
		expect(second.next).toBeUndefined();
	});

	it.each([
		['$stop', '1'],
		['$select', 'id'],
		['$expand', 'commands'],
		['top', '1'],
		['$top', '-1'],
		['$top', '1.5'],
		['$top', '10001'],
		['$skip', 'x'],
		['$count', 'yes'],
		['$orderby', 'requestorComment'],
		['$orderby', 'status up'],
	])('refuse %s=%s', (name, value) => {
		expect(() => page({ [name]: value })).toThrow();
	});

	it('refuse an option given twice, and bad percent-encoding', () => {
		expect(() => parse('$top=1&$top=2')).toThrow('more than once');
		expect(() => parse('$filter=%')).toThrow('encoded');
	});

	it('take a plus sign for a space', () => {
		const parsed = parse("$filter=status+eq+'Failed'");
		expect(pageOf(actions, parsed, 100).value).toEqual([actions[2]]);
	});
});

describe('OData that a service does not allow', () => {
	const refusalOf = (options: Record<string, string>, lists: Partial<Lists>) => {
		try {
			parse(query(options), machineActionSchema, lists);
		} catch (error) {
			return error;
		}
		return undefined;
	};
	const idsFilter = (count: number) => {
		const ids = actions.flatMap(({ id }) => Array<string>(10).fill(`id eq ${id}`));
		return `type eq 'LiveResponse' and (${ids.slice(0, count).join(' or ')})`;
	};

	it.each<[string, string, Partial<Lists>]>([
		['$orderby', 'creationDateTimeUtc desc', { takesOrderBy: false }],
		['$count', 'true', { takesCount: false }],
		['$filter', "contains(requestor,'app')", { takesContains: false }],
		['$filter', "status in ('Pending')", { takesIn: false }],
		['$filter', idsFilter(20), { maxFilterNodes: 100 }],
	])('%s=%s is refused with words and without a code', (name, value, lists) => {
		expect(refusalOf({ [name]: value }, {})).toBeUndefined();
		expect(refusalOf({ [name]: value }, lists)).toMatchObject({
			code: '',
			message: expect.stringContaining('The query specified in the URI is not valid.') as string,
		});
	});

	it('begins beyond 19 ids and a type, where a filter may have 100 nodes', () => {
		expect(refusalOf({ $filter: idsFilter(19) }, { maxFilterNodes: 100 })).toBeUndefined();
		expect(
			refusalOf(
				{ $filter: `id in (${Array(50).fill(actions[0].id).join(',')})` },
				{ maxFilterNodes: 100 },
			),
		).toBeUndefined();
	});
});

describe('lists in no useful order', () => {
	const idsOf = (options: Record<string, string>, lists: Partial<Lists>) =>
		pageOf(
			[...actions].reverse(),
			parse(query(options), machineActionSchema, lists),
			100,
		).value.map(({ id }) => String(id)[0]);

	it('are in that of the ids until one is asked for', () => {
		expect(idsOf({}, {})).toEqual(['3', '2', '1']);
		expect(idsOf({}, { order: 'byId' })).toEqual(['1', '2', '3']);
		expect(idsOf({ $orderby: 'creationDateTimeUtc desc' }, { order: 'byId' })).toEqual([
			'3',
			'2',
			'1',
		]);
	});

	it('can lose the filter in links beyond the second page', () => {
		const lists = { nextLinks: 'loseFilter' } as const;
		const next = (text: string) =>
			pageOf(actions, parse(text, machineActionSchema, lists), 1).next ?? '';
		const second = next("$filter=status ne 'TimeOut'");

		expect(second).toBe("$filter=status%20ne%20'TimeOut'&$skip=1");
		expect(next(second)).toBe('$skip=2');
	});
});
