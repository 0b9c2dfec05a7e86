/** The figures of docs/bench.md, docs/scale.md, docs/campaigns.md and docs/soak.md are those of the files that the measurements wrote. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { campaignsPage, campaignsPageFile } from '../../../bench/campaign/campaignsPage.mts';
import { benchPage } from '../../../bench/benchPage.mts';
import { formatted } from '../../../bench/formatted.mts';
import { readMeasurements, type Measurement } from '../../../bench/measurement.mts';
import { agreement, type Checked } from '../../../bench/model/agreement.mts';
import { scalePage } from '../../../bench/model/scalePage.mts';
import { readSimulated } from '../../../bench/model/simulated.mts';
import { simulate, type Job } from '../../../bench/model/simulation.mts';
import { readSoak } from '../../../bench/soak/soakMeasurement.mts';
import { soakPage } from '../../../bench/soak/soakPage.mts';
import { RateBudget } from '../../../nodes/DefenderLiveResponse/limits/rateBudget';
import { repository } from '../../support/markdown.mts';

const measurements = readMeasurements();
const simulated = readSimulated();

const read = (file: string) => readFileSync(path.join(repository, file), 'utf8');

describe('docs/bench.md', () => {
	it('is what the files of bench/measurements make', () => {
		expect(read('docs/bench.md')).toBe(formatted(benchPage(measurements), 'docs/bench.md'));
	});

	it('prints a missed goal as missed', () => {
		const missed: Measurement = {
			...measurements[0],
			goals: [{ what: 'time to the bound', value: 1.16, atMost: 1.15 }],
		};

		expect(benchPage([missed])).toContain('| time to the bound | 1.16 | 1.15 | **no** |');
	});

	it('says at which load a measurement was made, and when nobody recorded it', () => {
		const at = (load: Measurement['circumstances']['load']) =>
			benchPage([
				{ ...measurements[0], circumstances: { ...measurements[0].circumstances, load } },
			]);

		expect(at({ start: 3.14, end: 2 })).toContain('Load average 3.1 at the start, 2.0 at the end.');
		expect(at(null)).toContain('Load average not recorded.');
	});
});

describe('docs/scale.md', () => {
	it('is what the simulated and the measured figures make', () => {
		expect(read('docs/scale.md')).toBe(
			formatted(scalePage(simulated, measurements), 'docs/scale.md'),
		);
	});

	it("simulates the node's rate budget as it is now: npm run scale makes it anew", async () => {
		const small = simulated.filter(({ scenario }) => itemsOf(scenario.job) <= 1500);
		expect(small.length).toBeGreaterThan(10);

		for (const { scenario, outcome } of small) {
			expect({ scenario, outcome: await simulate(scenario, RateBudget) }).toEqual({
				scenario,
				outcome,
			});
		}
	});
});

describe('docs/campaigns.md', () => {
	it('has the measured figures in their places', () => {
		const page = read(campaignsPageFile);

		expect(page).toBe(formatted(campaignsPage(measurements), campaignsPageFile));
		expect(page).toContain('npm run bench -- campaign-settings --write');
		expect(page).toContain('npm run bench -- campaign-database --write');
	});
});

it('docs/soak.md is what the stored samples make', () => {
	expect(read('docs/soak.md')).toBe(formatted(soakPage(readSoak()), 'docs/soak.md'));
});

describe('whether the scale model agrees with real runs', () => {
	it('is said with the largest difference', () => {
		expect(agreement([run('one', 100, 100), run('two', 100, 93)])).toContain(
			'Times agree within a tenth; the largest difference is 7 %.',
		);
	});

	it('is denied when a simulated time is off by more than a tenth, with the run that is', () => {
		expect(
			agreement([run('one', 100, 100), run('two', 100, 80), run('three', 100, 115)]),
		).toContain(
			'Times do **not** agree within a tenth: two (20 % less than measured); three (15 % more than measured).',
		);
	});

	it.each([
		['agree', [5, 5], [0, 0], 'Refused calls agree.'],
		['are fewer', [8, 63], [0, 0], 'the model has at most as many as a real run.'],
		['are more', [63, 8], [0, 0], 'the model has at least as many as a real run.'],
		['differ either way', [8, 63], [5, 2], 'more of them in some runs and fewer in others.'],
	])('says that refused calls %s', (_, [mine, real], [otherMine, otherReal], sentence) => {
		const checked = [
			run('one', 100, 100, { simulated: mine, measured: real }),
			run('two', 100, 100, { simulated: otherMine, measured: otherReal }),
		];

		expect(agreement(checked)).toContain(sentence);
	});
});

const itemsOf = (job: Job): number => (job.kind === 'results' ? job.count : job.devices);

function run(
	what: string,
	measured: number,
	simulatedSeconds: number,
	refused = { simulated: 0, measured: 0 },
): Checked {
	const { scenario } = simulated[0];
	return {
		command: 'npm run bench',
		run: { what, scenario, outcome: { seconds: measured, refused: refused.measured } },
		simulated: { seconds: simulatedSeconds, calls: 100, refused: refused.simulated },
	};
}
