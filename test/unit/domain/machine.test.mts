import {
	chooseMachine,
	machineReference,
	type Machine,
} from '../../../nodes/DefenderLiveResponse/domain/machine';
import { machineMatches } from '../../../nodes/DefenderLiveResponse/domain/machineFilter';

const id = '1e5bc9d7e413ddd7902c2932e418702b84d0cc07';
const guid = '80fe8ff8-2624-418e-9591-41f0491218f9';

const machine = (fields: Partial<Machine>): Machine => ({
	id,
	computerDnsName: 'pc-1.contoso.com',
	lastSeen: '2026-03-01T10:00:00.1234567Z',
	osPlatform: 'Windows11',
	healthStatus: 'Active',
	riskScore: 'Low',
	lastIpAddress: '10.0.0.1',
	machineTags: [],
	...fields,
});

describe('what the device field refers to', () => {
	it.each([
		['id', ` ${id.toUpperCase()} `, { kind: 'machineId', id }],
		['list', id, { kind: 'machineId', id }],
		['name', id, { kind: 'machineId', id }],
		['id', guid.toUpperCase(), { kind: 'entraDeviceId', id: guid }],
		['name', guid, { kind: 'name', name: guid }],
		['name', ' pc-1 ', { kind: 'name', name: 'pc-1' }],
		['id', 'pc-1', { kind: 'malformed' }],
		['name', 'pc 1', { kind: 'malformed' }],
		['name', 'a/b', { kind: 'malformed' }],
		['name', ' ', { kind: 'empty' }],
		[undefined, 'pc-1.contoso.com', { kind: 'name', name: 'pc-1.contoso.com' }],
		[undefined, guid, { kind: 'entraDeviceId', id: guid }],
		[undefined, '../machines', { kind: 'malformed' }],
	])('mode %s, value "%s"', (mode, value, reference) => {
		expect(machineReference(value, mode)).toEqual(reference);
	});
});

describe('which of several entries with one name is meant', () => {
	const active = machine({ id: 'a' });
	const old = machine({ id: 'b', healthStatus: 'Inactive', lastSeen: '2025-01-01T00:00:00Z' });
	const older = machine({ id: 'c', healthStatus: 'Inactive', lastSeen: null });

	it('the only one', () => {
		expect(chooseMachine([old])).toEqual({ kind: 'one', machine: old, older: [] });
	});

	it('none of none', () => {
		expect(chooseMachine([])).toEqual({ kind: 'none' });
	});

	it('the active one, wherever it stands', () => {
		expect(chooseMachine([older, old, active])).toEqual({
			kind: 'one',
			machine: active,
			older: [],
		});
	});

	it('not one that Defender has merged into another', () => {
		const merged = machine({ id: 'd', mergedIntoMachineId: 'a' });
		expect(chooseMachine([merged, active])).toEqual({ kind: 'one', machine: active, older: [] });
		expect(chooseMachine([merged])).toEqual({ kind: 'one', machine: merged, older: [] });
	});

	it.each<[string, Partial<Machine>]>([
		['a WSL2 guest', { osPlatform: 'Linux', machineTags: ['WSL2'] }],
		['a WSL2 guest of a device with a tag', { osPlatform: 'Linux', machineTags: ['Finance_WSL2'] }],
		['a device that was only discovered', { onboardingStatus: 'CanBeOnboarded' }],
		['an excluded entry', { isExcluded: true }],
		['a potential duplicate', { isPotentialDuplication: true }],
	])('not %s, even where it alone is active', (_what, fields) => {
		const device = machine({ id: 'a', onboardingStatus: 'Onboarded', machineTags: ['MyWSL2'] });
		const twin = machine({ id: 'b', onboardingStatus: 'Onboarded', ...fields });
		const asleep = { ...device, healthStatus: 'Inactive' };
		expect(chooseMachine([twin, device])).toEqual({ kind: 'one', machine: device, older: [] });
		expect(chooseMachine([twin, asleep])).toEqual({ kind: 'one', machine: asleep, older: [] });
		expect(chooseMachine([twin])).toEqual({ kind: 'one', machine: twin, older: [] });
	});

	describe('when a device was reimaged', () => {
		const before = machine({ id: 'a', firstSeen: '2025-01-01T00:00:00Z' });
		const since = machine({
			id: 'b',
			firstSeen: '2026-03-02T00:00:00Z',
			lastSeen: '2026-03-05T00:00:00Z',
		});

		it('the entry first seen after all others were seen last, and the older ones are named', () => {
			expect(chooseMachine([before, since])).toEqual({
				kind: 'one',
				machine: since,
				older: [before],
			});
		});

		it.each<[string, Partial<Machine>, Partial<Machine>]>([
			['their times overlap', { lastSeen: '2026-03-04T00:00:00Z' }, {}],
			['they have other platforms', { osPlatform: 'Windows10' }, {}],
			['the older one was never seen', { lastSeen: null }, {}],
			['nobody knows since when there is the newer one', {}, { firstSeen: null }],
		])('none by guessing where %s', (_why, older, newer) => {
			const found = [
				{ ...before, ...older },
				{ ...since, ...newer },
			];
			expect(chooseMachine(found).kind).toBe('several');
		});
	});

	it('none by guessing: several active, or several inactive, are listed by when they were seen', () => {
		const other = machine({ id: 'e', lastSeen: '2026-04-01T00:00:00Z' });
		expect(chooseMachine([old, active, other])).toEqual({
			kind: 'several',
			machines: [other, active, old],
		});
		expect(chooseMachine([older, old])).toEqual({ kind: 'several', machines: [old, older] });
	});
});

describe('whether a device is wanted', () => {
	const device = machine({ computerDnsName: 'PC-1.contoso.com', machineTags: ['Finance', 'VIP'] });

	it.each([
		[{}, true],
		[{ machineId: '', tag: '', healthStatus: [] }, true],
		[{ machineId: id }, true],
		[{ machineId: 'other' }, false],
		[{ computerDnsName: 'pc-1.CONTOSO.com' }, true],
		[{ computerDnsName: 'pc-1' }, false],
		[{ computerDnsNameStartsWith: 'pC-' }, true],
		[{ computerDnsNameStartsWith: 'srv' }, false],
		[{ healthStatus: ['Inactive', 'Active'] }, true],
		[{ healthStatus: ['Inactive'] }, false],
		[{ riskScore: ['High'] }, false],
		[{ osPlatform: 'Windows11' }, true],
		[{ osPlatform: 'Windows1' }, false],
		[{ lastSeenAfter: '2026-03-01T10:00:00.000Z' }, true],
		[{ lastSeenAfter: '2026-03-01T10:00:01.000Z' }, false],
		[{ lastSeenBefore: '2026-03-01T09:00:00.000Z' }, false],
		[{ tag: 'Finance' }, true],
		[{ tag: 'Fin' }, false],
		[{ tagStartsWith: 'VI' }, true],
		[{ tagStartsWith: 'vi' }, false],
		[{ tag: 'Finance', healthStatus: ['Inactive'] }, false],
	])('%j: %p', (filter, wanted) => {
		expect(machineMatches(device, filter)).toBe(wanted);
	});

	it('a device without name or time is not wanted by name or time', () => {
		const bare = machine({ computerDnsName: null, lastSeen: null, riskScore: null });
		expect(machineMatches(bare, { computerDnsNameStartsWith: 'p' })).toBe(false);
		expect(machineMatches(bare, { lastSeenBefore: '2099-01-01T00:00:00Z' })).toBe(false);
		expect(machineMatches(bare, { riskScore: ['None'] })).toBe(false);
	});
});
