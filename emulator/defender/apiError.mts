import { randomUUID } from 'node:crypto';
import { jsonAnswer, type Answer } from '../http/answer.mts';

/** The error codes of the API's own list, and the one for a busy device that the list leaves out. */
export type ApiErrorCode =
	| 'BadRequest'
	| 'ODataError'
	| 'InvalidInput'
	| 'InvalidRequestBody'
	| 'InvalidIpAddress'
	| 'MissingRequiredParameter'
	| 'OsPlatformNotSupported'
	| 'ClientVersionNotSupported'
	| 'ActiveRequestAlreadyExists'
	| 'Unauthorized'
	| 'Forbidden'
	| 'DisabledFeature'
	| 'DisallowedOperation'
	| 'NotFound'
	| 'ResourceNotFound'
	| 'TooManyRequests'
	| 'InternalServerError';

/**
 * An error in the API's shape; `target` is the correlation id one gives to support.
 * https://learn.microsoft.com/defender-endpoint/api/common-errors
 */
export function apiError(status: number, code: ApiErrorCode, message: string): Answer {
	return jsonAnswer(status, { error: { code, message, target: randomUUID() } });
}
