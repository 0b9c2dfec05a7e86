import type { AnswerSettings, ErrorBodyForm } from '../../../emulator/cloudSettings.mts';
import { AnswerForm } from '../../../emulator/defender/answerForm.mts';
import { apiError, type ApiErrorCode } from '../../../emulator/defender/apiError.mts';
import { emptyAnswer, jsonAnswer, type Answer } from '../../../emulator/http/answer.mts';

const formWith = (settings: Partial<AnswerSettings>) =>
	new AnswerForm({ answers: { errorBody: 'documented', emptyCollections: 'list', ...settings } });

const bodyOf = (answer: Answer) => JSON.parse(String(answer.body)) as Record<string, unknown>;

const written = (errorBody: ErrorBodyForm, status: number, code: ApiErrorCode) =>
	bodyOf(formWith({ errorBody }).of(apiError(status, code, 'These words.')));

const guid = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f-]{27}$/) as string;
const activity = expect.stringMatching(/^\|[0-9a-f]{8}-[0-9a-f]{16}\.$/) as string;
const message = 'These words.';

describe('an error of the API', () => {
	it.each<[ErrorBodyForm, object]>([
		['documented', { error: { code: 'ResourceNotFound', message, target: guid } }],
		['emptyCode', { error: { code: '', message, target: guid } }],
		['numericCode', { error: { code: '404', message, target: guid } }],
		['activityTarget', { error: { code: 'ResourceNotFound', message, target: activity } }],
		['gateway', { statusCode: 404, message: 'Resource not found' }],
	])('can be written in the form %s', (form, body) => {
		expect(written(form, 404, 'ResourceNotFound')).toEqual(body);
	});

	it.each<ErrorBodyForm>(['documented', 'emptyCode', 'numericCode', 'activityTarget', 'gateway'])(
		'keeps a code that a client acts on in the form %s',
		(form) => {
			expect(written(form, 400, 'ActiveRequestAlreadyExists')).toMatchObject({
				error: { code: 'ActiveRequestAlreadyExists', message },
			});
		},
	);

	it('keeps its words where a gateway has none for the status', () => {
		expect(written('gateway', 400, 'ODataError')).toMatchObject({
			error: { code: 'ODataError', message },
		});
	});

	it('keeps its status and headers in every form', () => {
		const refusal = apiError(429, 'TooManyRequests', message);
		refusal.headers['Retry-After'] = '7';
		const answer = formWith({ errorBody: 'gateway' }).of(refusal);

		expect(answer).toMatchObject({ status: 429, headers: { 'Retry-After': '7' } });
	});

	it('comes in all forms in turn', () => {
		const form = formWith({ errorBody: 'rotating' });
		const bodies = Array.from({ length: 6 }, () =>
			bodyOf(form.of(apiError(403, 'Forbidden', message))),
		);

		expect(bodies).toEqual([
			{ error: { code: '', message, target: guid } },
			{ statusCode: 403, message: 'Forbidden' },
			{ error: { code: 'Forbidden', message, target: activity } },
			{ error: { code: '403', message, target: guid } },
			{ error: { code: 'Forbidden', message, target: guid } },
			{ error: { code: '', message, target: guid } },
		]);
	});
});

describe('a collection without entries', () => {
	const action = {
		commands: [{ errors: [], command: { params: [{ key: 'Path', value: '/' }] } }],
		value: [],
	};

	it('can be null where the schema allows it', () => {
		const form = formWith({ emptyCollections: 'null' });

		expect(bodyOf(form.of(jsonAnswer(200, action)))).toEqual({
			commands: [{ errors: null, command: { params: [{ key: 'Path', value: '/' }] } }],
			value: [],
		});
		expect(bodyOf(form.of(jsonAnswer(200, { commands: [] })))).toEqual({ commands: null });
	});

	it('is an empty list otherwise, and an answer without a body stays one', () => {
		expect(bodyOf(formWith({}).of(jsonAnswer(200, action)))).toEqual(action);
		expect(formWith({ emptyCollections: 'null' }).of(emptyAnswer(204)).body).toBe('');
	});
});
