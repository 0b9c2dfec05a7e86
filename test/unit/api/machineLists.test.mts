import { listMachines } from '../../../nodes/DefenderLiveResponse/api/machines';
import { CLOUDS } from '../../../nodes/DefenderLiveResponse/transport/clouds';
import { connectionTo, type PlayedAnswer } from '../../support/playedApi.mts';
import { VirtualClock } from '../../support/virtualClock.mts';

const none: PlayedAnswer = {
	status: 404,
	body: { statusCode: 404, message: 'Resource not found' },
};

/** A list whose answers come in turn. */
const listOf = async (...answers: PlayedAnswer[]) => {
	const connection = connectionTo(() => answers.shift() ?? none, { clock: new VirtualClock() });
	return (await listMachines(connection, { limit: Infinity })).map(({ id }) => id);
};

it('a list of devices that is a 404 has none', async () => {
	expect(await listOf(none)).toEqual([]);
});

it('a 404 behind a page ends the list and takes nothing from it', async () => {
	const next = `${CLOUDS.global.apiUrl}/machines?$skip=1`;
	const page = { status: 200, body: { value: [{ id: 'a' }], '@odata.nextLink': next } };
	expect(await listOf(page, none)).toEqual(['a']);
});

it('any other refusal stays one', async () => {
	await expect(listOf({ status: 403, body: {} })).rejects.toThrow('it needs Machine.ReadWrite.All');
});
