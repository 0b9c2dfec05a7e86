/** A response before it is sent. */
export interface Answer {
	status: number;
	headers: Record<string, string>;
	body: string | Buffer;
}

export function jsonAnswer(
	status: number,
	value: unknown,
	headers: Record<string, string> = {},
): Answer {
	return {
		status,
		headers: { 'Content-Type': 'application/json; charset=utf-8', ...headers },
		body: JSON.stringify(value),
	};
}

export function emptyAnswer(status: number): Answer {
	return { status, headers: {}, body: '' };
}
