import { randomBytes, randomUUID } from 'node:crypto';
import type { AnswerSettings, ErrorBodyForm } from '../cloudSettings.mts';
import { jsonAnswer, type Answer } from '../http/answer.mts';

type WrittenForm = Exclude<ErrorBodyForm, 'rotating'>;

interface ApiErrorBody {
	error: { code: string; message: string; target: string };
}

/**
 * Codes that say no more than the HTTP status or the words do. Every other code is what a client acts on
 * (`ActiveRequestAlreadyExists`, `OsPlatformNotSupported`), so it stands in every form.
 */
const dispensableCodes = new Set([
	'BadRequest',
	'ODataError',
	'Unauthorized',
	'Forbidden',
	'NotFound',
	'ResourceNotFound',
	'TooManyRequests',
	'InternalServerError',
]);

/** What a gateway in front of the API refuses by itself, and its words for it. */
const gatewayMessages: Record<number, string> = {
	401: 'Unauthorized. Access token is missing or invalid.',
	403: 'Forbidden',
	404: 'Resource not found',
	429: 'Rate limit is exceeded. Try again later.',
	500: 'Internal server error',
};

const rotation: readonly WrittenForm[] = [
	'emptyCode',
	'gateway',
	'activityTarget',
	'numericCode',
	'documented',
];

/** Writes answers of the API in the form that the settings ask for. */
export class AnswerForm {
	private readonly settings: { answers: Omit<AnswerSettings, 'packageLink'> };
	private errors = 0;

	constructor(settings: { answers: Omit<AnswerSettings, 'packageLink'> }) {
		this.settings = settings;
	}

	of(answer: Answer): Answer {
		const { errorBody, emptyCollections } = this.settings.answers;
		if (answer.status < 400) {
			return emptyCollections === 'null' ? withNullCollections(answer) : answer;
		}
		const form = errorBody === 'rotating' ? rotation[this.errors % rotation.length] : errorBody;
		this.errors += 1;
		return inForm(form, answer);
	}
}

function inForm(form: WrittenForm, answer: Answer): Answer {
	const { code, message } = (JSON.parse(String(answer.body)) as ApiErrorBody).error;
	const isDispensable = code === '' || dispensableCodes.has(code);
	const write = (body: unknown) => jsonAnswer(answer.status, body, answer.headers);
	const writeError = (writtenCode: string, target: string = randomUUID()) =>
		write({ error: { code: isDispensable ? writtenCode : code, message, target } });
	switch (form) {
		case 'documented':
			return answer;
		case 'emptyCode':
			return writeError('');
		case 'numericCode':
			return writeError(String(answer.status));
		case 'activityTarget':
			return writeError(code, activityTarget());
		case 'gateway': {
			const words = isDispensable ? gatewayMessages[answer.status] : undefined;
			return words === undefined
				? writeError(code)
				: write({ statusCode: answer.status, message: words });
		}
	}
}

/** A correlation id as .NET's hierarchical activity ids look. */
const activityTarget = () =>
	`|${randomBytes(4).toString('hex')}-${randomBytes(8).toString('hex')}.`;

const nullable = new Set(['errors', 'params', 'commands']);

function withNullCollections(answer: Answer): Answer {
	if (answer.body.length === 0) return answer;
	const body: unknown = JSON.parse(String(answer.body), (name, value: unknown) =>
		nullable.has(name) && Array.isArray(value) && value.length === 0 ? null : value,
	);
	return jsonAnswer(answer.status, body, answer.headers);
}
