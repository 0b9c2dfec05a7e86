import type { Incoming } from './http/incoming.mts';

/** One request the emulator received, in the order of arrival. */
export interface RecordedRequest {
	/** Emulated time, milliseconds since 1970. */
	time: number;
	/** Which part of the cloud it went to. */
	to: 'login' | 'api' | 'download';
	method: string;
	/** Path and query exactly as sent. */
	url: string;
	/** As received; an Authorization header shows its scheme only. */
	headers: Record<string, string | string[] | undefined>;
	/** As text; of a multipart upload the first part of it. */
	body: string;
	/** What was answered; undefined while running and when the connection was cut. */
	status?: number;
}

const keptRequests = 100_000;
const keptBody = 1024 * 1024;

/** What clients sent, for assertions. The newest 100,000 at least are kept. */
export class RequestLog {
	private entries: RecordedRequest[] = [];

	record(to: RecordedRequest['to'], incoming: Incoming, time: number): RecordedRequest {
		if (this.entries.length >= 2 * keptRequests) this.entries = this.entries.slice(-keptRequests);
		const entry: RecordedRequest = {
			time,
			to,
			method: incoming.method,
			url: incoming.url,
			headers: withoutSecrets(incoming.headers),
			body: incoming.body.subarray(0, keptBody).toString('utf8'),
		};
		this.entries.push(entry);
		return entry;
	}

	get all(): readonly RecordedRequest[] {
		return this.entries;
	}

	/** The requests to one part of the cloud whose `METHOD url` matches. */
	matching(pattern: RegExp, to: RecordedRequest['to'] = 'api'): RecordedRequest[] {
		return this.entries.filter(
			(entry) => entry.to === to && pattern.test(`${entry.method} ${entry.url}`),
		);
	}

	clear(): void {
		this.entries = [];
	}
}

function withoutSecrets(headers: Incoming['headers']): RecordedRequest['headers'] {
	const { authorization } = headers;
	if (authorization === undefined) return { ...headers };
	return { ...headers, authorization: `${authorization.split(' ')[0]} (present)` };
}
