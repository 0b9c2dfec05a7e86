import { randomUUID } from 'node:crypto';
import type { Answer } from '../http/answer.mts';

const authenticationFailed =
	'Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature.';

/** A refusal of the blob service: XML after a byte order mark, as Azure sends it. */
export function blobErrorAnswer(
	status: number,
	code: string,
	message: string,
	detail?: string,
): Answer {
	const requestId = randomUUID();
	const time = new Date().toISOString().replace('Z', '0000Z');
	return {
		status,
		headers: {
			'Content-Type': 'application/xml',
			'x-ms-error-code': code,
			'x-ms-request-id': requestId,
		},
		body:
			`\ufeff<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code>` +
			`<Message>${message}\nRequestId:${requestId}\nTime:${time}</Message>` +
			(detail === undefined
				? ''
				: `<AuthenticationErrorDetail>${escapeXml(detail)}</AuthenticationErrorDetail>`) +
			'</Error>',
	};
}

export function expiredLinkAnswer(expiry: Date): Answer {
	return blobErrorAnswer(
		403,
		'AuthenticationFailed',
		authenticationFailed,
		'Signature not valid in the specified time frame: ' +
			`Expiry [${expiry.toUTCString()}] - Current [${new Date().toUTCString()}]`,
	);
}

export function badSignatureAnswer(): Answer {
	return blobErrorAnswer(
		403,
		'AuthenticationFailed',
		authenticationFailed,
		'Signature did not match. String to sign used was not the one of this request.',
	);
}

/** A shared access signature and an Authorization header exclude each other. */
export function authorizationHeaderAnswer(): Answer {
	return blobErrorAnswer(
		400,
		'InvalidAuthenticationInfo',
		'Authentication information is not given in the correct format. Check the value of Authorization header.',
	);
}

export function blobNotFoundAnswer(): Answer {
	return blobErrorAnswer(404, 'BlobNotFound', 'The specified blob does not exist.');
}

export function serverBusyAnswer(): Answer {
	return blobErrorAnswer(503, 'ServerBusy', 'The server is busy.');
}

function escapeXml(text: string): string {
	return text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
}
