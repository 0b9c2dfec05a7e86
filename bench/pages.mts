import { benchPage } from './benchPage.mts';
import { writeFormatted } from './formatted.mts';
import { readMeasurements } from './measurement.mts';
import { scalePage } from './model/scalePage.mts';
import { readSimulated } from './model/simulated.mts';

/** Makes docs/bench.md and docs/scale.md anew from the files of figures. */
export function writePages(): void {
	const measurements = readMeasurements();
	writeFormatted('docs/bench.md', benchPage(measurements));
	writeFormatted('docs/scale.md', scalePage(readSimulated(), measurements));
}
