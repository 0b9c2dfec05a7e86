import { tooManyRequests } from '../faults/faultyAnswer.mts';
import { jsonAnswer, type Answer } from '../http/answer.mts';
import type { Incoming } from '../http/incoming.mts';
import { ODataError } from '../odata/odataError.mts';
import { apiError } from './apiError.mts';
import { authenticate, permissionRefusal } from './authorization.mts';
import { deviceActionRoutes } from './deviceActionCalls.mts';
import { libraryRoutes } from './libraryCalls.mts';
import { machineActionRoutes } from './machineActionCalls.mts';
import { machineRoutes } from './machineCalls.mts';
import { RateWindows } from './rateWindows.mts';
import type { ApiContext, Route } from './route.mts';

const prefix = /^\/api(?:\/v1\.0)?(?=\/)/;
const routes: Route[] = [
	...machineActionRoutes,
	...deviceActionRoutes,
	...machineRoutes,
	...libraryRoutes,
];

/** The Defender API: token, limits, permission, then the call itself. */
export class DefenderApi {
	private readonly context: ApiContext;
	private readonly rateWindows: RateWindows;
	private readonly audiences: readonly string[];

	constructor(context: ApiContext, audiences: readonly string[]) {
		this.context = context;
		this.rateWindows = new RateWindows(context.settings);
		this.audiences = audiences;
	}

	static handles(path: string): boolean {
		return prefix.test(path);
	}

	async answer(incoming: Incoming): Promise<Answer> {
		const { clock, settings, tenant } = this.context;
		const authentication = authenticate(
			incoming.headers.authorization,
			tenant.directory,
			this.audiences,
		);
		if (authentication.kind === 'refused') return authentication.answer;
		const { caller } = authentication;

		const path = incoming.path.replace(prefix, '');
		const onPath = routes.filter((route) => route.path.test(path));
		const route = onPath.find((entry) => entry.method === incoming.method);
		const spent = this.rateWindows.admit(
			caller.application.clientId,
			clock.now(),
			route?.kind ?? 'call',
		);
		if (spent !== undefined) {
			return tooManyRequests(
				settings.retryAfter,
				clock.realSeconds(spent.waitMs),
				settings.throttling.body === 'quota' ? spent : undefined,
			);
		}
		if (route === undefined) return noRoute(incoming, onPath);

		const refusal = permissionRefusal(caller, route.permission);
		if (refusal !== undefined) return refusal;
		if (route.hasQuery !== true && incoming.query !== '') {
			return apiError(400, 'BadRequest', 'This call takes no query options.');
		}
		const params = decodeAll(route.path.exec(path)?.slice(1) ?? []);
		if (params === undefined)
			return apiError(400, 'BadRequest', 'The path is not encoded properly.');
		try {
			return await route.handle(this.context, { incoming, params, caller });
		} catch (error) {
			if (error instanceof ODataError) return queryRefusal(error);
			throw error;
		}
	}
}

function noRoute(incoming: Incoming, onPath: Route[]): Answer {
	return onPath.length > 0
		? apiError(405, 'BadRequest', `The resource does not support the method ${incoming.method}.`)
		: apiError(404, 'NotFound', `No resource was found at ${incoming.path}.`);
}

/** Without a code there are words only. */
function queryRefusal({ code, message }: ODataError): Answer {
	return code === '' ? jsonAnswer(400, { error: { code, message } }) : apiError(400, code, message);
}

function decodeAll(params: string[]): string[] | undefined {
	try {
		return params.map(decodeURIComponent);
	} catch {
		return undefined;
	}
}
