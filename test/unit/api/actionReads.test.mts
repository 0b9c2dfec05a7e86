import { readMachineAction } from '../../../nodes/DefenderLiveResponse/api/actionReads';
import { connectionTo } from '../../support/playedApi.mts';
import { VirtualClock } from '../../support/virtualClock.mts';

const ANSWER_MS = 150;

const idOf = (item: number) => `11a86b87-12b8-423b-9e8d-${String(item).padStart(12, '0')}`;
const actionOf = (id: string) => ({
	id,
	type: 'LiveResponse',
	status: 'Succeeded',
	machineId: 'a'.repeat(40),
	creationDateTimeUtc: new Date(0).toISOString(),
	commands: [],
});

it('reads of a hundred items that come one after the other take a few calls, not one each', async () => {
	const clock = new VirtualClock();
	let calls = 0;
	const connection = connectionTo(
		({ url, qs }) => {
			calls++;
			const asked = /machineactions\/(.+)$/.exec(url)?.[1];
			if (asked) return { status: 200, body: actionOf(asked) };
			const ids = [...String(qs?.$filter).matchAll(/id eq ([\w-]+)/g)].map(([, id]) => id);
			return { status: 200, body: { value: ids.map(actionOf) } };
		},
		{ clock },
	);
	const { helpers } = connection.functions;
	const answer = helpers.httpRequestWithAuthentication.bind(connection.functions);
	helpers.httpRequestWithAuthentication = async (...call) => {
		await clock.sleep(ANSWER_MS);
		return await answer(...call);
	};

	const read: string[] = [];
	const all = Promise.all(
		Array.from({ length: 100 }, async (_, item) => {
			await clock.sleep(item * 5);
			read.push((await readMachineAction(connection, idOf(item))).id);
		}),
	);
	await clock.runUntil(all);

	expect(read.sort()).toEqual(Array.from({ length: 100 }, (_, item) => idOf(item)));
	expect(calls).toBeLessThanOrEqual(10);
});
