import type { AxiosError } from 'axios';

import { isRecord } from '../domain/record';

/**
 * What n8n's HTTP helper throws is an AxiosError, or one of n8n's errors around it. Any of its
 * fields may be missing, and more of n8n's may be there.
 */
export type HttpFailure = Partial<AxiosError<unknown>> & Record<string, unknown>;

const DEEPEST_CAUSE = 5;

/** The thrown object and what it was made of, outermost first. */
export function httpFailures(error: unknown): HttpFailure[] {
	const found: HttpFailure[] = [];
	let cause: unknown = error;
	while (isRecord(cause) && found.length < DEEPEST_CAUSE) {
		found.push(cause);
		cause = cause.cause ?? cause.errorResponse;
	}
	return found;
}

/** The code that Node or axios gave a request that was not answered; null when there is none. */
export function networkCode(error: unknown): string | null {
	const codes = httpFailures(error).map(({ code }) => code);
	return codes.find((code): code is string => typeof code === 'string') ?? null;
}
