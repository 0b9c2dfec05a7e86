import type { Emulator } from '../emulator.mts';
import { actionEntity } from '../tenant/machineAction.mts';

/** Everything in the tenant, as plain data. */
export function stateOf(emulator: Emulator): Record<string, unknown> {
	const { tenant, application, faults, settings, clock, requests } = emulator;
	tenant.actions.settle();
	return {
		now: new Date(clock.now()).toISOString(),
		addresses: {
			loginUrl: emulator.loginUrl,
			apiUrl: emulator.apiUrl,
			downloadUrl: emulator.downloadUrl,
		},
		roles: application.roles,
		scopes: application.scopes,
		settings,
		machines: tenant.machines.all.map(({ machine, files, received, runs, ...condition }) => ({
			id: machine.id,
			computerDnsName: machine.computerDnsName,
			...condition,
			files: [...files.keys()],
			received: [...received],
			runs: Object.fromEntries(runs),
		})),
		library: tenant.library.all,
		actions: tenant.actions.all.map(actionEntity),
		faults: faults.outstanding.map((order) => ({ ...order, path: order.path?.toString() })),
		requestCount: requests.all.length,
	};
}
