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

/** Answers each call after a while; `asked` are the ids of each. */
function begin() {
	const clock = new VirtualClock();
	const asked: string[][] = [];
	const connection = connectionTo(
		({ url, qs }) => {
			const own = /machineactions\/(.+)$/.exec(url)?.[1];
			const ids = [...String(qs?.$filter).matchAll(/id eq ([\w-]+)/g)].map(([, id]) => id);
			asked.push(own ? [own] : ids);
			if (own) return { status: 200, body: actionOf(own) };
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
	/** The ids that were read, as they came, and when. */
	const came: Array<{ id: string; at: number }> = [];
	const read = async (item: number) => {
		const { id } = await readMachineAction(connection, idOf(item));
		came.push({ id, at: clock.now() });
	};
	return { clock, asked, came, read };
}

it('reads of a hundred items that come one after the other take a few calls, not one each', async () => {
	const { clock, asked, came, read } = begin();
	const all = Array.from({ length: 100 }, async (_, item) => {
		await clock.sleep(item * 5);
		await read(item);
	});
	await clock.runUntil(Promise.all(all));
	const ids = came.map(({ id }) => id).sort();
	expect(ids).toEqual(Array.from({ length: 100 }, (_, item) => idOf(item)));
	expect(asked.length).toBeLessThanOrEqual(10);
});

it('what is read first is there before the rest is', async () => {
	const { clock, asked, came, read } = begin();
	await clock.runUntil(
		Promise.all(Array.from({ length: 40 }, async (_, item) => await read(item))),
	);
	expect(asked.map((ids) => ids.length)).toEqual([19, 19, 2]);
	expect(came.filter(({ at }) => at < 2 * ANSWER_MS)).toHaveLength(19);
});

it('two items that ask for one action are one read, also when the list is full', async () => {
	const { clock, asked, came, read } = begin();
	const items = [...Array.from({ length: 19 }, (_, item) => item), 0];
	await clock.runUntil(Promise.all(items.map(read)));
	expect(came).toHaveLength(20);
	expect(asked.map((ids) => ids.length)).toEqual([19]);
});
