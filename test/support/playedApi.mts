import type { IHttpRequestOptions, INode } from 'n8n-workflow';

import type { Clock } from '../../nodes/DefenderLiveResponse/limits/clock';
import { CLOUDS } from '../../nodes/DefenderLiveResponse/transport/clouds';
import { noEvents, type Connection } from '../../nodes/DefenderLiveResponse/transport/connection';
import { RateBudget, type Turn } from '../../nodes/DefenderLiveResponse/limits/rateBudget';

export interface PlayedAnswer {
	status: number;
	body: unknown;
}

const node: INode = {
	id: 'node-1',
	name: 'Defender Live Response',
	type: 'test.defenderLiveResponse',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

const limits = { callsPerMinute: 1_000_000, callsPerHour: 1_000_000 };

/**
 * A connection to a Defender API that the test plays: no network, no sign-in, the test's clock.
 * @param answer to a call; its `url` is whole, its `qs` apart
 */
export function connectionTo(
	answer: (call: IHttpRequestOptions) => PlayedAnswer,
	{ clock, apiUrl = CLOUDS.global.apiUrl }: { clock: Clock; apiUrl?: string },
): Connection {
	const httpRequestWithAuthentication = async (_type: string, call: IHttpRequestOptions) => {
		const { status, body } = answer(call);
		return { statusCode: status, headers: {}, body };
	};
	const budget = new RateBudget(limits, clock);
	return {
		functions: { getNode: () => node, helpers: { httpRequestWithAuthentication } },
		credentialType: 'defenderLiveResponseApi',
		credential: {},
		endpoints: { ...CLOUDS.global, apiUrl },
		app: { tenantId: 'tenant', clientId: 'client' },
		budget: { ask: (turn: Omit<Turn, 'limits'>) => budget.ask({ ...turn, limits }) },
		owner: 'execution',
		maxHoldMs: 0,
		clock,
		events: noEvents(),
	} as unknown as Connection;
}
