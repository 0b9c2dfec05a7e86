import { readIncoming, type Incoming } from '../emulator/http/incoming.mts';
import { jsonAnswer, type Answer } from '../emulator/http/answer.mts';
import { listen } from '../emulator/http/listen.mts';
import { sendAnswer } from '../emulator/http/send.mts';

/** A request that reached the services. */
export interface ServiceRequest {
	readonly method: string;
	readonly path: string;
	/** The JSON of the body, or the bytes that were stored; undefined when there was none. */
	readonly body: unknown;
}

/** What workflows hand their results to, on loopback. */
export interface FakeServices {
	/** Takes a ticket by POST and answers 201 with its number; followed by `/` and that, a change by PATCH. */
	readonly ticketUrl: string;
	/** Takes a message by POST. */
	readonly chatUrl: string;
	/** Followed by `/` and a SHA-256; answers 404 for one it has never seen. */
	readonly hashLookupUrl: string;
	/** Followed by `/` and a name; takes any bytes by PUT. */
	readonly storageUrl: string;
	/** Takes a record by POST. */
	readonly recordUrl: string;
	/** In the place of a Jira site and of Microsoft Graph: issues, messages in channels and chats of Teams. */
	readonly url: string;
	/** Everything received, oldest first. */
	readonly received: ServiceRequest[];
	/** The bodies of the tickets, oldest first. */
	tickets(): unknown[];
	/** The bodies of the chat messages, oldest first. */
	messages(): unknown[];
	/** The bodies of what was sent there by POST, oldest first. */
	posted(path: RegExp): unknown[];
	/** Makes the hash lookup know a file. */
	know(sha256: string, verdict: string): void;
	/** Forgets what was received. */
	clear(): void;
	stop(): Promise<void>;
}

const ticketPath = '/api/tickets';
const chatPath = '/hooks/security';
const hashPath = '/api/files';
const storagePath = '/evidence';
const recordPath = '/api/records';

const jira = /^\/rest\/api\/2\/(issuetype|issue)$/;
const teams = /^\/(?:beta\/teams\/[^/]+\/channels|v1\.0\/chats)\/[^/]+\/messages$/;

/** Starts the services on a free port of loopback. */
export async function startFakeServices(): Promise<FakeServices> {
	const received: ServiceRequest[] = [];
	const verdicts = new Map<string, string>();
	const posted = (isWanted: (path: string) => boolean) =>
		received
			.filter(({ method, path }) => method === 'POST' && isWanted(path))
			.map(({ body }) => body);
	const bodiesTo = (wanted: string) => posted((path) => path === wanted);

	const answer = ({ method, path, headers }: Incoming, body: unknown): Answer => {
		received.push({ method, path, body });
		const scheme = headers.authorization?.split(' ')[0];
		if (jira.test(path)) {
			if (scheme !== 'Basic') return jsonAnswer(401, { errorMessages: ['Not signed in'] });
			if (method === 'GET') return jsonAnswer(200, []);
			return jsonAnswer(201, { id: '1', key: `SEC-${posted((to) => jira.test(to)).length}` });
		}
		if (teams.test(path)) {
			return scheme === 'Bearer'
				? jsonAnswer(201, { id: '1673348720590' })
				: jsonAnswer(401, { error: { code: 'InvalidAuthenticationToken', message: '' } });
		}
		if (method === 'PUT' && path.startsWith(`${storagePath}/`)) return jsonAnswer(201, {});
		if (method === 'POST' && path === recordPath) return jsonAnswer(201, {});
		if (method === 'POST' && path === ticketPath) {
			return jsonAnswer(201, { number: `INC${1000 + bodiesTo(ticketPath).length}` });
		}
		if (method === 'PATCH' && path.startsWith(`${ticketPath}/`)) {
			const number = path.slice(ticketPath.length + 1);
			const isKnown = Number(number.slice('INC'.length)) - 1000 <= bodiesTo(ticketPath).length;
			return isKnown ? jsonAnswer(200, { number }) : jsonAnswer(404, { message: 'Not found' });
		}
		if (method === 'POST' && path === chatPath) return jsonAnswer(200, { ok: true });
		const sha256 = path.startsWith(`${hashPath}/`) ? path.slice(hashPath.length + 1) : '';
		const verdict = verdicts.get(sha256);
		if (method === 'GET' && verdict !== undefined) return jsonAnswer(200, { sha256, verdict });
		return jsonAnswer(404, { message: 'Not found' });
	};

	const { port, close } = await listen(0, (request, response) => {
		void readIncoming(request).then((incoming) => {
			const body = incoming.method === 'PUT' ? incoming.body : jsonOf(incoming);
			sendAnswer(
				response,
				body === invalid ? jsonAnswer(400, { message: 'Not JSON' }) : answer(incoming, body),
			);
		});
	});
	const url = `http://127.0.0.1:${port}`;
	return {
		ticketUrl: url + ticketPath,
		chatUrl: url + chatPath,
		hashLookupUrl: url + hashPath,
		storageUrl: url + storagePath,
		recordUrl: url + recordPath,
		url,
		received,
		tickets: () => bodiesTo(ticketPath),
		messages: () => bodiesTo(chatPath),
		posted: (path) => posted((to) => path.test(to)),
		know: (sha256, verdict) => verdicts.set(sha256, verdict),
		clear: () => received.splice(0),
		stop: close,
	};
}

const invalid = Symbol('a body that is not JSON');

/** As strict as a real service: a body must be JSON and say so. */
function jsonOf({ body, headers }: Incoming): unknown {
	if (body.length === 0) return undefined;
	if (!headers['content-type']?.startsWith('application/json')) return invalid;
	try {
		return JSON.parse(body.toString('utf8'));
	} catch {
		return invalid;
	}
}
