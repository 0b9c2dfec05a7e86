/** Every operation against every fault: what comes out, what was called, nothing lost or twice. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Emulator } from '../../emulator/emulator.mts';
import { operationPairs } from '../support/operations.mts';
import {
	prepareBinaryStore,
	removeBinaryStore,
	runNode,
	type NodeRunResult,
} from '../support/engine.mts';
import { setWrongBy, systemClock, worldNow } from '../support/instantClock.mts';
import { StoredCredential } from '../support/storedCredential.mts';
import { startTestEmulator } from '../support/testEmulator.mts';
import { expectedOf, faults, type Expected, type Fault } from './faults/faults.mts';
import { rows, type Prepared, type Row } from './faults/rows.mts';
import { matrixTable } from './faults/table.mts';

jest.mock('../../nodes/DefenderLiveResponse/limits/clock', () =>
	jest.requireActual('../support/instantClock.mts'),
);

const HOUR_MS = 3_600_000;
/** By the clock of the tenant; the process that keeps the token goes by its own. */
const TOKEN_LIFE_MS = HOUR_MS;
/** The default of the option. */
const POLL_INTERVAL_SECONDS = 10;
const LOOKS_FOR_A_LOST_START = 8;
/** Time runs by being slept in these tests: what others wait while a call is held back adds up. */
const OTHER_WAITS_SECONDS = 30;

let emulator: Emulator;

beforeAll(async () => {
	await prepareBinaryStore();
	emulator = await startTestEmulator({
		clock: worldNow,
		// The calls of each cell are counted: what the profile adds to them has tests of its own.
		deviceLookup: { passingNotFound: 0 },
		lag: { action: 0, list: 0, link: 0 },
		lists: { takesOrderBy: true },
		scripts: { allowsUnsigned: true },
		limits: {
			callsPerMinute: 100_000,
			callsPerHour: 1e6,
			runsPerMinute: 10_000,
			uploadsPerMinute: 10_000,
			packageLinksPerMinute: 10_000,
			packageLinksPerHour: 10_000,
			sessions: 10_000,
		},
	});
	await emulator.settled();
	// A token is kept from now on.
	await runNode({
		parameters: { resource: 'machine', operation: 'getAll', returnAll: true },
		credential: new StoredCredential(emulator.credential),
	});
});

afterAll(async () => {
	await emulator.stop();
	removeBinaryStore();
});

afterEach(() => {
	setWrongBy(0);
	emulator.faults.clear();
});

/** What a request is for. */
const CALLS: Array<[call: string, request: RegExp]> = [
	['link', /^GET \/api\/machineactions\/[^/]+\/GetLiveResponse/],
	['package', /^GET \/api\/machineactions\/[^/]+\/getPackageUri$/],
	['action', /^GET \/api\/machineactions\/[^/?]+$/],
	['actions', /^GET \/api\/machineactions\?/],
	['cancel', /^POST \/api\/machineactions\/[^/]+\/cancel$/],
	['tags', /^POST \/api\/machines\/[^/]+\/tags$/],
	['start', /^POST \/api\/machines\/[^/]+\/\w+$/],
	['machine', /^GET \/api\/machines\/[^/?]+$/],
	['machines', /^GET \/api\/machines\?/],
	['library', /^GET \/api\/libraryfiles/],
	['upload', /^POST \/api\/libraryfiles$/],
	['delete', /^DELETE \/api\/libraryfiles\//],
];

/** Operations that start a machine action wait for it, and what they started counts as done; a campaign does not. */
const startsAction = (row: Row) => 'start' in row.calls && row.operation !== 'campaign: advance';

interface Call {
	url: string;
	name: string;
	time: number;
	status?: number;
}

function callsMade(): Call[] {
	return emulator.requests.all
		.filter(({ to }) => to !== 'login')
		.map(({ to, method, url, time, status }) => {
			const request = `${method} ${url}`;
			const name = CALLS.find(([, pattern]) => pattern.test(request))?.[0] ?? request;
			return { name: to === 'download' ? 'file' : name, url, time, status };
		});
}

function order(fault: Fault, row: Row) {
	if (fault.setting === 'noSuchHost' && row.host === 'download') {
		const location = 'https://store.invalid/file';
		emulator.faults.order({ kind: 'redirect', location, count: Infinity });
	}
	if (!fault.order) return;
	const [, pattern] = CALLS.find(([call]) => call === row.call) ?? ['', / /];
	const [, method, path] = /^\^(\w+) (.*)$/.exec(pattern.source) ?? [];
	emulator.faults.order(
		row.host === 'download'
			? { ...fault.order, on: 'download' }
			: { ...fault.order, on: 'api', method, path: `^${path}` },
	);
}

function credentialFor(fault: Fault, row: Row): StoredCredential {
	const values = emulator.credential;
	if (fault.setting !== 'noSuchHost') return new StoredCredential(values);
	return new StoredCredential(
		row.host === 'api'
			? { ...values, apiUrl: 'https://api.invalid/api' }
			: { ...values, downloadHosts: `${String(values.downloadHosts)}, store.invalid` },
	);
}

function assertItems(result: NodeRunResult, expected: Expected, prepared: Prepared, row: Row) {
	expect(result.status).toBe('success');
	const refused = result.items.filter(({ json }) => json.details !== undefined);
	const hit = new Set(refused.map(({ pairedItem }) => (pairedItem as { item: number }).item));
	const perItem = prepared.json.length / prepared.items.length;
	const wanted = prepared.json
		.map((json, at) => ({ json, pairedItem: { item: Math.floor(at / perItem) } }))
		.filter(({ pairedItem }) => !hit.has(pairedItem.item));
	expect(result.items.filter((item) => !refused.includes(item))).toMatchObject(wanted);
	expect(result.items).toHaveLength(wanted.length + refused.length);

	const items = prepared.items.length;
	switch (expected.kind) {
		case 'same':
			expect(refused).toEqual([]);
			break;
		case 'refused':
			expect(refused).toHaveLength(expected.items === 'all' ? items : 1);
			for (const { json } of refused) {
				expect((json.details as { httpCode?: string }).httpCode ?? null).toBe(expected.httpCode);
				if (expected.message) expect(json.error).toMatch(expected.message);
			}
	}
	if (!prepared.effects) return;
	const isDone = row.call !== 'start' && startsAction(row);
	const done = isDone && expected.kind === 'refused' ? prepared.effects() : items - refused.length;
	expect(prepared.effects()).toBe(done);
}

/** A refused item never gets to the calls that would have followed. */
function callsExpected(row: Row, expected: Expected, items: number): Record<string, number> {
	const counts = { ...row.calls };
	if (expected.kind === 'refused') {
		const names = Object.keys(counts);
		const refused = expected.items === 'all' ? items : 1;
		for (const later of names.slice(names.indexOf(row.call) + 1)) {
			counts[later] -= (refused * row.calls[later]) / items;
		}
	}
	const more = expected.kind === 'notApplicable' ? {} : (expected.more ?? {});
	for (const [call, times] of Object.entries(more)) {
		counts[call] = Math.max(0, (counts[call] ?? 0) + times);
	}
	return Object.fromEntries(Object.entries(counts).filter(([, times]) => times > 0));
}

function assertCalls(row: Row, expected: Expected, items: number) {
	const counts: Record<string, number> = {};
	for (const { name, status } of callsMade()) {
		// n8n answers a 401 with a new token and the same call.
		if (status !== 401) counts[name] = (counts[name] ?? 0) + 1;
	}
	const wanted = callsExpected(row, expected, items);
	if (startsAction(row)) {
		assertWatching(counts, items);
		for (const call of ['actions', 'action']) {
			delete counts[call];
			delete wanted[call];
		}
	}
	expect(counts).toEqual(wanted);
}

/**
 * How many lists watch machine actions depends on how long they take: one an interval for all items,
 * and those that look for a start whose answer got lost.
 */
function assertWatching({ actions = 0, action = 0 }: Record<string, number>, items: number) {
	const calls = callsMade();
	const seconds = ((calls.at(-1)?.time ?? 0) - (calls[0]?.time ?? 0)) / 1000;
	const lost = calls.filter(
		({ name, status = 0 }) => name === 'start' && ![201, 401, 403, 429].includes(status),
	);
	expect(actions).toBeLessThanOrEqual(
		2 + seconds / POLL_INTERVAL_SECONDS + lost.length * LOOKS_FOR_A_LOST_START,
	);
	expect(action).toBeLessThanOrEqual(items);
}

/** How long a refused call was held back, by the clock of the world. */
function assertWaits(fault: Fault, row: Row) {
	if (!fault.waits) return;
	const [least, most] = fault.waits;
	const calls = callsMade().filter(({ name }) => name === row.call);
	const refused = calls.filter(({ status }) => status === 429).at(-1);
	const refusedAt = refused?.time ?? 0;
	// Another call may have been under way when this one was refused; the same one was not.
	const next = calls.find(({ time, url }) => time > refusedAt + 500 && url === refused?.url);
	const waited = ((next?.time ?? 0) - refusedAt) / 1000;
	expect(waited).toBeGreaterThanOrEqual(least - 0.1);
	// Links to packages have a limit of two a minute beside that.
	const limited = row.call === 'package' ? 60 : 0;
	const longest = (row.host === 'download' ? 2 * most : most) + limited + OTHER_WAITS_SECONDS;
	expect(waited).toBeLessThanOrEqual(longest + (startsAction(row) ? POLL_INTERVAL_SECONDS : 0));
}

function assertNoSecrets(result: NodeRunResult, credential: StoredCredential, row: Row) {
	const text = JSON.stringify(result.stored);
	expect(text.includes(String(credential.stored.clientSecret))).toBe(false);
	expect(text).not.toMatch(/Bearer ey/);
	if (row.operation !== 'result: getLink') expect(text).not.toMatch(/sig=/);
}

async function assertCell(fault: Fault, row: Row, expected: Expected) {
	if (fault.setting === 'expiredToken') await systemClock.sleep(TOKEN_LIFE_MS);
	const prepared = await row.prepare(emulator);
	const credential = credentialFor(fault, row);
	emulator.requests.clear();
	order(fault, row);
	if (fault.setting === 'clockAhead') setWrongBy(HOUR_MS);
	if (fault.setting === 'clockBehind') setWrongBy(-HOUR_MS);
	const result = await runNode({
		parameters: prepared.parameters,
		items: prepared.items,
		credential,
		settings: { onError: 'continueRegularOutput' },
	});
	assertItems(result, expected, prepared, row);
	assertCalls(row, expected, prepared.items.length);
	assertWaits(fault, row);
	assertNoSecrets(result, credential, row);
	expect(credential.writes).toBe(0);
	const signIns = emulator.requests.matching(/\/oauth2\/v2\.0\/token/, 'login').length;
	const renews = fault.setting === 'expiredToken' || fault.order?.kind === 'revokeTokens';
	if (renews) expect(signIns).toBe(1);
	// Another API has a token of its own.
	else expect(signIns).toBeLessThanOrEqual(fault.setting === 'noSuchHost' ? 1 : 0);
}

describe.each(rows.map((row) => [`${row.operation}, ${row.call}`, row] as const))(
	'%s:',
	(_title, row) => {
		for (const fault of faults) {
			const expected = expectedOf(fault, row);
			if (expected.kind === 'notApplicable') continue;
			it(`[${fault.title}]`, async () => await assertCell(fault, row, expected));
		}
	},
);

describe('the fault matrix', () => {
	it('has every operation of the node', () => {
		// Those of a connection tell of a fault instead of failing with it: they have tests of their own.
		const known = operationPairs
			.filter(([resource]) => resource !== 'connection')
			.map((pair) => pair.join(': '));
		expect([...new Set(rows.map(({ operation }) => operation))].sort()).toEqual(known.sort());
	});

	it('is shown in docs/faults.md (npm run faults writes it)', () => {
		const path = join(__dirname, '../../docs/faults.md');
		const page = readFileSync(path, 'utf8');
		const [before, , after] = page.split(/<!-- (?:table|end of table) -->\n/);
		const now = `${before}<!-- table -->\n${matrixTable(faults, rows)}\n<!-- end of table -->\n${after}`;
		if (process.env.WRITE_FAULTS === '1') writeFileSync(path, now);
		else expect(page).toBe(now);
	});
});
