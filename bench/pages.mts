import { campaignsPage, campaignsPageFile } from './campaign/campaignsPage.mts';
import { benchPage } from './benchPage.mts';
import { writeFormatted } from './formatted.mts';
import { readMeasurements } from './measurement.mts';
import { scalePage } from './model/scalePage.mts';
import { readSimulated } from './model/simulated.mts';

/** Makes docs/bench.md, docs/scale.md and the figures of docs/campaigns.md anew from the files of figures. */
export function writePages(): void {
	const measurements = readMeasurements();
	writeFormatted('docs/bench.md', benchPage(measurements));
	writeFormatted('docs/scale.md', scalePage(readSimulated(), measurements));
	writeFormatted(campaignsPageFile, campaignsPage(measurements));
}
