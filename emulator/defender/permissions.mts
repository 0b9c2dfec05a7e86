import { deviceActions } from '../tenant/deviceActions.mts';

/** Who may make a call: any one of the application roles, or any one of the delegated scopes. */
export interface Permission {
	roles: readonly string[];
	scopes: readonly string[];
}

/** Each lets an application, or a user, start some kind of machine action. */
export const anyAction: readonly string[] = [
	...new Set(deviceActions.map(({ permission }) => permission)),
	'Machine.Offboard',
	'Machine.LiveResponse',
];

/** What starts one kind of machine action. */
export const toStart = (name: string): Permission => ({
	roles: [name],
	scopes: [name],
});

/** As Microsoft's pages state them; where they disagreed over time, the narrowest. */
export const permissions = {
	runLiveResponse: toStart('Machine.LiveResponse'),
	readActions: { roles: ['Machine.ReadWrite.All'], scopes: ['Machine.ReadWrite'] },
	cancelAction: { roles: anyAction, scopes: anyAction },
	resultLink: { roles: ['Machine.ReadWrite.All'], scopes: ['Machine.LiveResponse'] },
	packageUri: {
		roles: ['Machine.Read.All', 'Machine.ReadWrite.All'],
		scopes: ['Machine.CollectForensics'],
	},
	library: { roles: ['Library.Manage'], scopes: ['Library.Manage'] },
	listMachines: {
		roles: ['Machine.Read.All', 'Machine.ReadWrite.All'],
		scopes: ['Machine.Read', 'Machine.ReadWrite'],
	},
	readMachine: { roles: ['Machine.ReadWrite.All'], scopes: ['Machine.ReadWrite'] },
} as const satisfies Record<string, Permission>;
