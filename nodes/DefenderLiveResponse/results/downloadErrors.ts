/** What the user reads when a result file does not arrive. */
import type { NodeApiError } from 'n8n-workflow';

import type { RefusalCode } from '../domain/refusalCode';
import { apiError, type ErrorText } from '../inputs/nodeErrors';
import type { Connection } from '../transport/connection';
import { networkAdvice } from '../transport/networkAdvice';
import type { ResultLink } from './resultLink';

/** Which file did not arrive: what to do about it differs. */
type FileKind = Pick<ResultLink, 'isPackage'>;

export function linkRefusedError(
	connection: Connection,
	{ isPackage }: FileKind,
	status: number,
): NodeApiError {
	const again = isPackage
		? 'Collect the package again.'
		: 'Run the command again to get a new one.';
	return storeError(connection, String(status), status === 404 ? 'noResult' : 'unreachable', {
		message: 'The result store did not return the result file',
		description:
			status === 404
				? `The file is not there any more: results are kept for a limited time. ${again}`
				: 'A new link was requested and rejected as well. A firewall or proxy may rewrite links, or block access to the store.',
	});
}

export function unreachableError(
	connection: Connection,
	{ isPackage }: FileKind,
	answer: { status: number | null; code: string | null },
): NodeApiError {
	const hosts = isPackage
		? 'Investigation packages are stored on userrequests….securitycenter.windows.com.'
		: 'Results are stored on *.blob.core.windows.net (US Government: *.blob.core.usgovcloudapi.net).';
	return storeError(
		connection,
		answer.status === null ? null : String(answer.status),
		'unreachable',
		{
			message: 'The result store could not be reached',
			description:
				answer.status === null
					? `${networkAdvice(answer.code)} ${hosts}`
					: `It answered with HTTP status ${answer.status} several times. Try again later.`,
		},
	);
}

export function brokenOffError(
	connection: Connection,
	delivered: number,
	total: number | null,
): NodeApiError {
	return storeError(connection, null, 'fileIncomplete', {
		message: 'The download of the result file was interrupted',
		description: `${delivered} of ${total ?? 'an unknown number of'} bytes arrived, and it could not be resumed. No file was returned. Try again.`,
	});
}

export function redirectError(connection: Connection, { isPackage }: FileKind): NodeApiError {
	return storeError(connection, null, 'hostNotAllowed', {
		message: 'The result store redirected to a host that is not allowed',
		description: `${
			isPackage
				? 'An investigation package is downloaded only from the host of its link.'
				: "Result files are downloaded only from the result hosts of the credential's cloud."
		} A proxy may be redirecting the download.`,
	});
}

export function notTheStoreError(connection: Connection, { isPackage }: FileKind): NodeApiError {
	return storeError(connection, null, 'unreachable', {
		message: 'Something else answered in place of the result store',
		description: isPackage
			? 'The answer is no zip file: it may be the sign-in page of a proxy. Let n8n reach the host of the packages without signing in to the proxy.'
			: "The answer lacks the headers of Azure Storage (x-ms-…): it may be the sign-in page of a proxy. Let n8n reach the store without signing in to the proxy. With the cloud 'Custom' and a store of another kind, turn off 'Azure Storage' in the credential.",
	});
}

export function statusError(connection: Connection, status: number): NodeApiError {
	return storeError(connection, String(status), 'apiError', {
		message: `The result store answered with HTTP status ${status}`,
		description:
			'Try again. If it keeps happening, a proxy between n8n and the store may be the cause.',
	});
}

function storeError(
	connection: Connection,
	httpCode: string | null,
	code: RefusalCode,
	text: ErrorText,
): NodeApiError {
	return apiError(connection.functions.getNode(), httpCode, code, text);
}
