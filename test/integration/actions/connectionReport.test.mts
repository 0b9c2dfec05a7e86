import { contosoMachineId, type Emulator } from '../../../emulator/emulator.mts';
import { QUESTIONS } from '../../../nodes/DefenderLiveResponse/domain/reportQuestions';
import { byId } from '../../support/resourceLocator.mts';
import { runnerOf, shareEmulator } from './sharedEmulator.mts';

jest.mock('../../../nodes/DefenderLiveResponse/limits/clock', () =>
	jest.requireActual('../../support/instantClock.mts'),
);

let emulator: Emulator;
shareEmulator((started) => {
	emulator = started;
});

const run = runnerOf('connection', () => emulator);

async function report(): Promise<Record<string, string>> {
	const { items, error } = await run({ operation: 'report' });
	expect(error).toBeUndefined();
	for (const { json } of items) {
		expect(Object.keys(json)).toEqual(['fact', 'question', 'answer']);
	}
	return Object.fromEntries(items.map(({ json }) => [String(json.fact), String(json.answer)]));
}

const status = (answer: 'notFound' | 'invalidInput') =>
	answer === 'notFound' ? 'HTTP 404' : 'HTTP 400';

it('answers what the settings of the tenant say, by reads alone', async () => {
	const machineId = contosoMachineId('srv-web-01.contoso.example');
	emulator.tenant.actions.add({
		machineId,
		status: 'InProgress',
		commands: [{ type: 'RunScript', scriptName: 'triage.ps1', status: 'Executing' }],
	});
	const answers = await report();
	const { missingResult, lists, answers: forms, deviceLookup, endings } = emulator.settings;
	const taken = (isTaken: boolean) => (isTaken ? 'yes' : 'HTTP 400');
	expect(answers).toMatchObject({
		'missingResult.running': status(missingResult.running),
		'missingResult.putFile': status(missingResult.putFile),
		'missingResult.wrongIndex': status(missingResult.wrongIndex),
		'missingResult.failedScript': status(missingResult.failedScript),
		'lists.order': lists.order === 'newestFirst' ? 'newest first' : 'not newest first',
		'lists.takesOrderBy': taken(lists.takesOrderBy),
		'lists.takesCount': taken(lists.takesCount),
		'lists.takesContains': taken(lists.takesContains),
		'lists.takesIn': taken(lists.takesIn),
		'lists.maxFilterNodes': `30 conditions: ${taken(lists.maxFilterNodes === Infinity)}`,
		'answers.emptyCollections': forms.emptyCollections,
		'deviceLookup.noDevices': deviceLookup.noDevices === 'notFound' ? 'HTTP 404' : 'an empty list',
		'deviceLookup.availableActions': deviceLookup.availableActions ? 'yes' : 'no',
		resultRetention: expect.stringMatching(/^the oldest result listed is \d+ days old: a link$/),
		commandCount: expect.stringMatching(/^the most seen is \d+$/),
	});
	expect(answers['endings.timeOutCommand']).toContain(endings.timeOutCommand);
	const calls = emulator.requests.matching(/\/api\//);
	expect(new Set(calls.map(({ method }) => method))).toEqual(new Set(['GET']));
	expect(calls.length).toBeLessThan(35);
});

it('has one item for each question', async () => {
	expect(Object.keys(await report())).toEqual(Object.keys(QUESTIONS));
});

/** Every text in what the tenant holds that could be a name, an id, an address or a secret. */
function textsOf(value: unknown): string[] {
	if (typeof value === 'string') return [value];
	if (typeof value !== 'object' || value === null) return [];
	return Object.values(value).flatMap(textsOf);
}

let seed = 20;
const random = () => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
const word = () => `secret${Math.floor(random() * 2 ** 31).toString(36)}`;

it.each(Array.from({ length: 10 }, (_, at) => at))(
	'holds no name, id, address or secret of a made-up tenant (%i)',
	async () => {
		const machineId = emulator.tenant.machines.add({
			computerDnsName: `${word()}.${word()}.example`,
			machineTags: [word()],
			lastIpAddress: `203.0.113.${Math.floor(random() * 250)}`,
			rbacGroupName: word(),
			osPlatform: word(),
			onboardingStatus: word(),
		});
		emulator.tenant.actions.add({
			machineId,
			requestor: `${word()}@${word()}.example`,
			comment: word(),
			commands: [{ type: 'RunScript', scriptName: `${word()}.ps1`, args: word() }],
			shownAs: { status: word(), requestor: word() },
		} as Parameters<typeof emulator.tenant.actions.add>[0]);
		await emulator.settled();
		const items = (await run({ operation: 'report' })).items.map(({ json }) => json);
		const written = JSON.stringify(items).toLowerCase();
		const machines = emulator.tenant.machines.all.map(({ machine }) => ({
			...machine,
			// Words of the API, not of the tenant.
			...{ healthStatus: '', deviceValue: '', riskScore: '', exposureLevel: '', version: '' },
		}));
		const actions = emulator.tenant.actions.all.map(({ id, requestor }) => ({ id, requestor }));
		const texts = [
			...textsOf(machines),
			...textsOf(actions),
			...textsOf(emulator.tenant.library.all.map(({ fileName }) => fileName)),
			...textsOf(emulator.credential),
		].filter((text) => text.length > 7);
		expect(texts.length).toBeGreaterThan(100);
		expect(written).not.toContain('secret');
		expect(texts.filter((text) => written.includes(text.toLowerCase()))).toEqual([]);
	},
);

it('says which permission is missing when it cannot read machine actions', async () => {
	emulator.faults.order({ kind: 'forbidden', count: 1 });
	const { error } = await run({ operation: 'report', machineId: byId('') });
	expect(error?.message).toContain('it needs Machine.ReadWrite.All');
});
