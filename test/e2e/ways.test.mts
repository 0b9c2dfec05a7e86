/** Every way in which n8n calls the node: what was started in which tenant, as docs/runs.md shows it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { agentWays } from './ways/agents.mts';
import { recoveredWay, repeatingWays } from './ways/repeating.mts';
import { settingWays } from './ways/settings.mts';
import { startingWays } from './ways/starting.mts';
import { waysTable } from './ways/table.mts';
import { verdictOf, type Verdict, type Way } from './ways/way.mts';
import { openWorld, type World } from './ways/world.mts';

const minutes = 60_000;

const sideBySide = [...startingWays, ...agentWays, ...repeatingWays, ...settingWays];
const ways = [...sideBySide, recoveredWay];

const seen = new Map<Way, Verdict>();
const underWay = new Map<Way, Promise<Verdict>>();
let world: World;

async function begin(way: Way): Promise<Verdict> {
	await world.newCredential(way.title);
	return verdictOf(world, await way.run(world, way.title));
}

beforeAll(async () => {
	world = await openWorld();
	for (const way of sideBySide) underWay.set(way, begin(way));
	const others = Promise.allSettled(underWay.values());
	underWay.set(
		recoveredWay,
		others.then(async () => await begin(recoveredWay)),
	);
	await Promise.allSettled(underWay.values());
}, 5 * minutes);

afterAll(async () => await world?.stop(), minutes);

it.each(ways.map((way) => [way.title, way] as const))(
	'%s: each script is started once, on the device and in the tenant of its item',
	async (_title, way) => {
		const verdict = await underWay.get(way)!;
		seen.set(way, verdict);

		expect(verdict).toMatchObject({
			startedOnce: true,
			onAskedDevice: true,
			inAskedTenant: true,
		});
	},
);

it('is shown in docs/runs.md (npm run ways writes it)', () => {
	const path = join(__dirname, '../../docs/runs.md');
	const page = readFileSync(path, 'utf8');
	const [before, , after] = page.split(/<!-- (?:table|end of table) -->\n/);
	const now = `${before}<!-- table -->\n${waysTable([...seen])}\n<!-- end of table -->\n${after}`;
	if (process.env.WRITE_WAYS === '1') writeFileSync(path, now);
	else expect(page).toBe(now);
});
