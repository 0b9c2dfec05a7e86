/** The items in the documentation are what the node gives when it is run that way. */
import { contosoActions, contosoMachineId, type Emulator } from '../../../emulator/emulator.mts';
import { prepareBinaryStore, removeBinaryStore, runNode } from '../../support/engine.mts';
import { systemClock } from '../../support/instantClock.mts';
import { readMarkdown } from '../../support/markdown.mts';
import { StoredCredential } from '../../support/storedCredential.mts';
import { startTestEmulator } from '../../support/testEmulator.mts';

jest.mock('../../../nodes/DefenderLiveResponse/limits/clock', () =>
	jest.requireActual('../../support/instantClock.mts'),
);

let emulator: Emulator;

const AWAY = '5c1e9d7b3a4f8e6021c7b5d9f3e8a6042b7c1d9e';
const AWAY_NAME = 'pc-away-1.contoso.example';

beforeAll(async () => {
	await prepareBinaryStore();
	emulator = await startTestEmulator({ clock: systemClock.now });
	emulator.tenant.library.add({ fileName: 'check.ps1' });
	emulator.tenant.machines.add({ id: AWAY, computerDnsName: AWAY_NAME, online: false });
});

afterAll(async () => {
	await emulator.stop();
	removeBinaryStore();
});

const device = (name: string) => ({
	__rl: true,
	mode: 'id',
	value: contosoMachineId(`${name}.contoso.example`),
});
const id = (value: string) => ({ __rl: true, mode: 'id', value });

const live = (operation: string, more: object) => ({
	resource: 'liveResponse',
	operation,
	machineId: device('pc-fin-014'),
	comment: '',
	...more,
});
const result = (operation: string, machineActionId: string, more: object = {}) => ({
	resource: 'result',
	operation,
	machineActionId: id(machineActionId),
	...more,
});

const campaign = (operation: string) => ({
	resource: 'campaign',
	operation,
	campaignKey: 'find-evil-dll',
	startsAt: new Date().toISOString(),
	filters: { computerDnsName: AWAY_NAME },
	scriptName: id('triage.ps1'),
});

interface Sample {
	/** The heading the sample stands under. */
	section: string;
	parameters: object;
	/** The one item that is shown of several. */
	shows?: number;
}

/** How each sample comes about, in the order of the page. */
const pages: Record<string, Sample[]> = {
	'README.md': [
		{
			section: 'Quick start',
			parameters: live('runScript', {
				scriptName: id('triage.ps1'),
				comment: 'Started by n8n workflow My workflow',
			}),
		},
	],
	'docs/operations.md': [
		{ section: 'Failed items', parameters: result('parseTranscript', contosoActions.putFile) },
		{
			section: 'Live Response',
			parameters: live('runScript', {
				scriptName: id('triage.ps1'),
				machineId: device('srv-dc-01'),
				waitForCompletion: false,
			}),
		},
		{
			section: 'Live Response',
			parameters: live('runScript', { scriptName: id('unsigned.ps1') }),
		},
		{ section: 'Run Script', parameters: live('runScript', { scriptName: id('fails.ps1') }) },
		{
			section: 'Get File',
			parameters: live('getFile', { filePath: 'C:\\Users\\Public\\Documents\\notes.txt' }),
		},
		{ section: 'Put File', parameters: live('putFile', { libraryFileName: id('tool.exe') }) },
		{
			section: 'Run Commands',
			parameters: live('runCommands', {
				commands: {
					command: [
						{ type: 'RunScript', scriptName: 'minidump.ps1', args: 'OfficeClickToRun' },
						{ type: 'GetFile', filePath: 'C:\\windows\\TEMP\\OfficeClickToRun.dmp.zip' },
						{ type: 'PutFile', libraryFileName: 'tool.exe' },
					],
				},
			}),
		},
		{
			section: 'Get',
			parameters: {
				resource: 'machineAction',
				operation: 'get',
				machineActionId: id(contosoActions.failed),
			},
		},
		{
			section: 'Get Script Output',
			parameters: result('parseTranscript', contosoActions.exitCodeOne),
		},
		{
			section: 'Get Script Output',
			parameters: result('parseTranscript', contosoActions.failed, { allCommands: true }),
		},
		{ section: 'Download', parameters: result('download', contosoActions.getFile) },
		{ section: 'Get Link', parameters: result('getLink', contosoActions.realTranscript) },
		{
			section: 'Get',
			parameters: { resource: 'machine', operation: 'get', machineId: device('pc-fin-014') },
		},
		{
			section: 'Isolate',
			parameters: {
				resource: 'machine',
				operation: 'isolate',
				machineId: device('pc-fin-014'),
				comment: 'Alert 4711',
			},
		},
		{ section: 'Advance', parameters: campaign('advance') },
		{ section: 'Get Status', parameters: campaign('getStatus') },
		{ section: 'Check', parameters: { resource: 'connection', operation: 'check' }, shows: 0 },
		{ section: 'Report', parameters: { resource: 'connection', operation: 'report' }, shows: 22 },
		{
			section: 'Get Many',
			parameters: { resource: 'libraryFile', operation: 'getAll' },
			shows: 1,
		},
		{
			section: 'Delete',
			parameters: {
				resource: 'libraryFile',
				operation: 'delete',
				libraryFileName: id('check.ps1'),
			},
		},
	],
};

/** Ids and times differ from run to run; the page cuts long paths and does not show a real link. */
function masked(value: unknown): unknown {
	return JSON.parse(
		JSON.stringify(value)
			.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, 'GUID')
			.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
			.replace(/C:\\\\ProgramData\\\\Microsoft\\\\[^{"]*/g, 'FOLDER')
			.replace(/"link":"[^"]*"/g, '"link":"LINK"'),
	);
}

/** The items a page shows, one sample each, with the heading they stand under. */
function shownIn(file: string): Array<{ section: string; items: object[] }> {
	const page = readMarkdown(file);
	return page.samples
		.filter(({ language }) => language === 'json')
		.map(({ content, line }) => ({
			section: page.headings.findLast((heading) => heading.line < line)!.text,
			items: [JSON.parse(content) as object].flat(),
		}));
}

async function itemsOf({ parameters, shows }: Sample): Promise<object[]> {
	const { items } = await runNode({
		parameters: { options: {}, ...parameters },
		credential: new StoredCredential(emulator.credential),
		settings: { onError: 'continueRegularOutput' },
	});
	const json = items.map((item) => item.json);
	return shows === undefined ? json : [json[shows]];
}

describe.each(Object.entries(pages))('%s', (file, samples) => {
	const shown = shownIn(file);

	it('shows these samples and no others', () => {
		expect(shown.map(({ section }) => section)).toEqual(samples.map(({ section }) => section));
	});

	it.each(samples.map((sample, at) => [sample.section, at] as const))('%s (%#)', async (_, at) => {
		const items = await itemsOf(samples[at]);
		expect(masked(shown[at].items)).toEqual(masked(items));
		expect(shown[at].items.map((item) => Object.keys(item))).toEqual(
			items.map((item) => Object.keys(item)),
		);
	});
});
