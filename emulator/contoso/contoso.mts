import type { EmulatedClock } from '../clock.mts';
import type { ContosoSettings } from '../cloudSettings.mts';
import type { Tenant } from '../tenant/tenant.mts';
import { addContosoHistory } from './history.mts';
import { addContosoLibrary } from './library.mts';
import { addContosoMachines } from './machines.mts';
import { addContosoOddActions } from './oddActions.mts';
import { addContosoTwins } from './sharedNames.mts';

/** Fills a tenant with Contoso's devices, library and history. */
export function addContoso(tenant: Tenant, clock: EmulatedClock, settings: ContosoSettings): void {
	addContosoMachines(tenant.machines, clock);
	addContosoLibrary(tenant.library);
	addContosoHistory(tenant.actions);
	if (settings.sharedNames) addContosoTwins(tenant.machines, clock);
	if (settings.oddActions) addContosoOddActions(tenant.actions);
}
