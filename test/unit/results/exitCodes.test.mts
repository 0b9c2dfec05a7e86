/** Fail on Non-Zero Exit Code: what the error says, whatever the API and the device have said. */
import type { ItemInputs } from '../../../nodes/DefenderLiveResponse/inputs/nodeContext';
import { assertExitCodes } from '../../../nodes/DefenderLiveResponse/results/exitCodes';
import { someNode } from '../../support/expressions.mts';

const context = { functions: { getNode: () => someNode }, itemIndex: 0 } as unknown as ItemInputs;

function descriptionOf(more: object): string {
	const command = {
		machineActionId: '1',
		commandIndex: 0,
		commandType: 'RunScript',
		exit_code: null,
	};
	try {
		assertExitCodes(context, [{ json: { ...command, ...more } }]);
	} catch (error) {
		return String((error as { description?: string }).description);
	}
	throw new Error('It does not fail');
}

const SECRET = 'https://a.example/b?sig=abc%2Fdef%3D';

it.each(['Completed', 'Failed'])(
	'the reason of a command that is %s has its end',
	(commandStatus) => {
		const reason = `${SECRET}\n${'word '.repeat(100_000)}`;
		const description = descriptionOf({ commandStatus, reason });
		expect(description).not.toContain('sig=');
		expect(description.length).toBeLessThan(1000);
	},
);

it('a status that nobody knows has its end', () => {
	const description = descriptionOf({ commandStatus: `${SECRET} ${'word '.repeat(1000)}` });
	expect(description).not.toContain('sig=');
	expect(description.length).toBeLessThan(1000);
});

it('without a reason the error says what may be wrong', () => {
	expect(descriptionOf({ commandStatus: 'Completed' })).toContain('its transcript does not say it');
});

it('a live response that shows no commands has no known exit code', () => {
	const item = { machineActionId: '1', status: 'Succeeded', reason: 'Defender shows no commands' };
	expect(() => assertExitCodes(context, [{ json: item }])).toThrow(
		'The exit code of the script is not known',
	);
});
