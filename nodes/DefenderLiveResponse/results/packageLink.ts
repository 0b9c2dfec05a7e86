/** The link to the package of a CollectInvestigationPackage action: two a minute, 120 an hour. */
import type { IDataObject } from 'n8n-workflow';

import { actionState, type MachineAction } from '../domain/machineAction';
import { actionReason } from '../domain/reason';
import { apiError, type ErrorText } from '../inputs/nodeErrors';
import type { ApiCall, ApiOutcome } from '../transport/apiCall';
import { isAllowedPackageHost } from '../transport/allowedHosts';
import type { Connection } from '../transport/connection';
import { refusalError } from '../transport/errors';
import { apiPath } from '../transport/paths';
import { callApi } from '../transport/request';
import { shownWords } from '../transport/shownWords';
import { isNoResult, linkIn, type ResultLink } from './resultLink';

export const PACKAGE_ACTION = 'CollectInvestigationPackage';

/** What a signed-in user's role in the Defender portal has to allow, to collect a package and to fetch it. */
export const PACKAGE_ROLE = "'Alerts investigation'";

/**
 * Null when there is no package yet, or none any more.
 *
 * https://learn.microsoft.com/en-us/defender-endpoint/api/get-package-sas-uri
 */
export async function requestPackageLink(
	connection: Connection,
	machineActionId: string,
): Promise<ResultLink | null> {
	const call: ApiCall = {
		method: 'GET',
		path: apiPath`/machineactions/${machineActionId}/getPackageUri`,
		permissions: ['Machine.CollectForensics', 'Machine.ReadWrite.All'],
		role: PACKAGE_ROLE,
		subject: `The package of machine action ${machineActionId}`,
		repeat: 'harmless',
		lane: 'packageLink',
	};
	const outcome: ApiOutcome<IDataObject> = await callApi(connection, call);
	if (outcome.kind === 'ok') return checkedLink(connection, outcome.body.value);
	if (isNoResult(outcome.refusal)) return null;
	throw refusalError(connection.functions.getNode(), call, outcome.refusal);
}

/** A package appears some seconds after its action has succeeded; each look is one of two a minute. */
const LINK_LAG_WAITS_MS = [10_000, 30_000];

/** @param action as it was read just now */
export async function findPackageLink(
	connection: Connection,
	action: MachineAction,
): Promise<ResultLink> {
	const state = actionState(action.status);
	switch (state) {
		case 'succeeded':
			return await packageLinkOf(connection, action.id);
		case 'running':
			throw noPackageError(connection, action, {
				message: 'The investigation package has not been collected yet',
				description: `The machine action is ${shownWords(action.status)}. Use the operation 'Wait' of the resource 'Machine Action' first.`,
			});
		case 'failed':
		case 'timedOut':
		case 'cancelled':
			throw noPackageError(connection, action, {
				message: 'The machine action has no investigation package',
				description: `It ended as ${shownWords(action.status)}. ${shownWords(actionReason(action) ?? '')}`,
			});
	}
}

async function packageLinkOf(connection: Connection, id: string): Promise<ResultLink> {
	const { clock, signal } = connection;
	for (const waitMs of [0, ...LINK_LAG_WAITS_MS]) {
		if (waitMs > 0 && !(await clock.sleep(waitMs, signal))) break;
		const link = await requestPackageLink(connection, id);
		if (link) return link;
	}
	throw apiError(
		connection.functions.getNode(),
		'404',
		'noResult',
		{
			message: 'Defender has no investigation package for this machine action',
			description:
				'It succeeded, but its package is not there: it may have been deleted after its retention period.',
		},
		{ machineActionId: id },
	);
}

function noPackageError(connection: Connection, { id, status }: MachineAction, text: ErrorText) {
	const code = actionState(status) === 'running' ? 'notFinished' : 'noResult';
	return apiError(connection.functions.getNode(), '404', code, text, { machineActionId: id });
}

function checkedLink(connection: Connection, value: unknown): ResultLink {
	const { href, url } = linkIn(value);
	if (url && isAllowedPackageHost(url, connection.endpoints)) {
		return { href, expiresAt: null, isPackage: true };
	}
	throw apiError(connection.functions.getNode(), null, 'hostNotAllowed', {
		message:
			'The Defender API returned a link to an investigation package on a host that is not allowed',
		description: `${url ? `The host is ${url.host}. ` : ''}Packages are downloaded only over HTTPS and only from userrequests….securitycenter.windows.com. Microsoft names no host for the clouds of the US government: where it is one that you trust, set 'Cloud' of the credential to 'Custom', enter the addresses of your cloud, and list the host in 'Download Hosts'.`,
	});
}
