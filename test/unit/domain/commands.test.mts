import { buildCommands } from '../../../nodes/DefenderLiveResponse/domain/commands';
import { isLibraryFileName } from '../../../nodes/DefenderLiveResponse/domain/libraryFile';

describe('the commands of a live response', () => {
	it("stand in the API's order, each kind in the order given", () => {
		const outcome = buildCommands([
			{ type: 'GetFile', path: 'C:\\a.txt' },
			{ type: 'RunScript', scriptName: 'one.ps1', args: '-All' },
			{ type: 'PutFile', fileName: 'tool.exe' },
			{ type: 'RunScript', scriptName: 'two.ps1', args: '' },
		]);
		expect(outcome).toEqual({
			kind: 'commands',
			commands: [
				{ type: 'PutFile', params: [{ key: 'FileName', value: 'tool.exe' }] },
				{
					type: 'RunScript',
					params: [
						{ key: 'ScriptName', value: 'one.ps1' },
						{ key: 'Args', value: '-All' },
					],
				},
				{ type: 'RunScript', params: [{ key: 'ScriptName', value: 'two.ps1' }] },
				{ type: 'GetFile', params: [{ key: 'Path', value: 'C:\\a.txt' }] },
			],
		});
	});

	it.each([';', '&', '|', '!', '$'])(
		'refuse %s in arguments, and say how to go on',
		(character) => {
			const outcome = buildCommands([
				{ type: 'RunScript', scriptName: 'a.ps1', args: `x ${character} y` },
			]);
			expect(outcome).toMatchObject({
				kind: 'invalid',
				message: `'Arguments' contains a character that live response rejects: ${character}`,
				description: expect.stringContaining('Base64'),
			});
		},
	);

	it.each(['..', '.', 'a b.ps1', 'folder/a.ps1'])(
		'do not take %j as the name of a script or file, as an upload does not',
		(name) => {
			const script = buildCommands([{ type: 'RunScript', scriptName: name, args: '' }]);
			const file = buildCommands([{ type: 'PutFile', fileName: name }]);
			expect([script.kind, file.kind]).toEqual(['invalid', 'invalid']);
			expect(isLibraryFileName(name)).toBe(false);
		},
	);

	it.each(['C:\\Windows\\Temp\\x', '\\\\server\\share\\x', '/var/log/syslog'])(
		'take %s as a path',
		(path) => {
			expect(buildCommands([{ type: 'GetFile', path }]).kind).toBe('commands');
		},
	);

	it.each(['', 'x.txt', '..\\x', 'C:x', '/'])('do not take %j as a path', (path) => {
		expect(buildCommands([{ type: 'GetFile', path }]).kind).toBe('invalid');
	});
});
