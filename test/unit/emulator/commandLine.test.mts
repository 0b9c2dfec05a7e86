import { help, readCommandLine } from '../../../emulator/commandLine.mts';

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

	it('takes a profile and any setting by name; an option of its own wins', () => {
		const args =
			'--profile harsh --set lists.order=byId --set lag.link=9 --set pageSize=3 --page-size 7'.split(
				' ',
			);

		expect(readCommandLine(args)).toMatchObject({
			kind: 'start',
			options: { profile: 'harsh', lists: { order: 'byId' }, lag: { link: 9 }, pageSize: 7 },
		});
		expect(help).toContain('throttling.window');
		expect(readCommandLine(['--profile', 'harsh', '--real-lag', '3'])).toMatchObject({
			options: { profile: 'harsh', realLagSeconds: 3 },
		});
	});

	it.each([
		['--port', 'x'],
		['--profile', 'gentle'],
		['--set', 'lists.colour=red'],
		['--set', 'lists.order=random'],
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
