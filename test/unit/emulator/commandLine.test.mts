import { readCommandLine } from '../../../emulator/commandLine.mts';

describe('the command line of the emulator', () => {
	it('has fixed ports and ids, so that a saved credential works again', () => {
		expect(readCommandLine([])).toMatchObject({
			kind: 'start',
			options: { port: 8790, downloadPort: 8791, seed: 'contoso' },
		});
	});

	it('takes limits, time scale and ports', () => {
		const args = '--port 0 --time-scale 60 --calls-per-minute 5 --retry-after date'.split(' ');

		expect(readCommandLine(args)).toMatchObject({
			kind: 'start',
			options: { port: 0, timeScale: 60, retryAfter: 'date', limits: { callsPerMinute: 5 } },
		});
	});

	it.each([
		['--port', 'x'],
		['--port', '70000'],
		['--time-scale', '0'],
		['--tenant', 'fabrikam'],
		['--colour', 'red'],
	])('says what is wrong with %s %s', (option, value) => {
		const outcome = readCommandLine([option, value]);

		expect(outcome.kind).toBe('invalid');
		expect(outcome.kind === 'invalid' && outcome.message).toContain(option);
	});
});
