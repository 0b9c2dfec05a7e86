import type { Answer } from '../http/answer.mts';
import type { EmulatedClock } from '../clock.mts';
import type { Incoming } from '../http/incoming.mts';
import type { ResultStore } from '../results/resultStore.mts';
import type { Settings } from '../settings.mts';
import type { Tenant } from '../tenant/tenant.mts';
import type { Caller } from './authorization.mts';
import type { Permission } from './permissions.mts';
import type { CallKind } from './rateWindows.mts';

/** What the handlers of the API work with. */
export interface ApiContext {
	tenant: Tenant;
	settings: Settings;
	clock: EmulatedClock;
	results: ResultStore;
	/** `http://127.0.0.1:<port>/api` */
	apiUrl: () => string;
}

export interface Call {
	incoming: Incoming;
	/** The groups of the route's pattern, decoded. */
	params: string[];
	caller: Caller;
}

export interface Route {
	method: string;
	/** Matches the path after `/api` or `/api/v1.0`, as sent. */
	path: RegExp;
	permission: Permission;
	/** Which limit of its own it counts against beside those of all calls. */
	kind?: CallKind;
	/** Query options are taken; elsewhere any query is refused. */
	hasQuery?: boolean;
	handle: (context: ApiContext, call: Call) => Answer | Promise<Answer>;
}

/** Answers name a regional host in their context whatever host was called. */
export function contextOf(entity: string): string {
	return `https://api-eu.securitycenter.microsoft.com/api/$metadata#${entity}`;
}
