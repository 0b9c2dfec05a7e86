import { requestResultLink } from '../../../nodes/DefenderLiveResponse/results/resultLink';
import { connectionTo, type PlayedAnswer } from '../../support/playedApi.mts';
import { VirtualClock } from '../../support/virtualClock.mts';

const actionId = '00000000-0000-4000-8000-000000000001';

const linkFrom = async (answer: PlayedAnswer) =>
	await requestResultLink(
		connectionTo(() => answer, { clock: new VirtualClock() }),
		actionId,
		0,
	);

const refused = (status: number, code: string): PlayedAnswer => ({
	status,
	body: { error: { code, message: 'It is so.', target: '' } },
});

it.each([
	['404', refused(404, 'ResourceNotFound')],
	['404 with an empty code', refused(404, '')],
	["a gateway's 404", { status: 404, body: { statusCode: 404, message: 'Resource not found' } }],
	['400 InvalidInput', refused(400, 'InvalidInput')],
	['400 ResourceNotFound', refused(400, 'ResourceNotFound')],
	['400 BadRequest', refused(400, 'BadRequest')],
	['400 with the status as its code', refused(400, '400')],
	['400 with an empty code', refused(400, '')],
])('%s says that there is no result', async (_case, answer) => {
	expect(await linkFrom(answer)).toBeNull();
});

it.each([
	['400 about the request', refused(400, 'InvalidRequestBody')],
	['400 with the name of an object', refused(400, 'constructor')],
	['401', refused(401, 'Unauthorized')],
	['403', refused(403, 'Forbidden')],
])('%s ends in words', async (_case, answer) => {
	await expect(linkFrom(answer)).rejects.toMatchObject({
		description: expect.stringContaining('Defender says: It is so.'),
	});
});
