import { mkdirSync, rmSync, writeFileSync, existsSync, renameSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as passed } from 'node:timers/promises';
import { addResults, rightResults, withPlayground } from './lab.mts';
import { httpRequestWorkflow, nodeWorkflow, runScriptWorkflow } from './workflows.mts';
const folder = '/tmp/limits-prof';
rmSync(folder, { recursive: true, force: true }); mkdirSync(folder, { recursive: true });
async function profiled(name: string, work: () => Promise<unknown>) {
	for (const f of ['start','stop','done']) rmSync(`${folder}/${f}`, { force: true });
	writeFileSync(`${folder}/start`, ''); await passed(400);
	await work();
	writeFileSync(`${folder}/stop`, '');
	for (let i = 0; i < 300 && !existsSync(`${folder}/done`); i++) await passed(100);
	for (const f of readdirSync(folder)) if (f.startsWith('profile.')) renameSync(`${folder}/${f}`, `/tmp/limits-${name}.cpuprofile`);
	if (existsSync(`${folder}/stalls.json`)) console.log(name, 'stalls', readFileSync(`${folder}/stalls.json`, 'utf8').slice(-900));
}
const what = process.argv[2];
await withPlayground(
	{ limits: { callsPerMinute: what === 'stop' ? 100 : 100000, callsPerHour: what === 'stop' ? 1500 : 100000 }, tokenLifetimeSeconds: 24 * 3600 },
	async ({ emulator, n8n: { client } }) => {
		if (what !== 'stop') {
			const ids = await addResults(emulator, 90);
			const node = await client.saveWorkflow(nodeWorkflow(ids));
			const chain = await client.saveWorkflow(httpRequestWorkflow(ids, emulator.apiUrl));
			const timed = async (id: string, print = true) => {
				emulator.requests.clear();
				const e = await client.run(id);
				const calls = (['api', 'download'] as const).flatMap((to) => emulator.requests.matching(/./, to).map((r) => ({ to, ...r })));
				const at = calls.map(({ time }) => time);
				const t = Math.max(...at) - Math.min(...at);
				return `${t} (${calls.length} calls, exec ${e.milliseconds}, right ${rightResults(e)})`;
			};
			for (let r = 0; r < 6; r++) { console.log('node', await timed(node), ' chain', await timed(chain)); }
			await profiled('node', async () => console.log('node', await timed(node)));
			await profiled('chain', async () => console.log('chain', await timed(chain)));
		} else {
			emulator.tenant.library.add({ fileName: 'triage.ps1' });
			const ids = Array.from({ length: 10000 }, () => emulator.tenant.machines.add());
			const node = await client.saveWorkflow(runScriptWorkflow(ids, 'triage.ps1', 10));
			for (let r = 0; r < 2; r++) {
				emulator.advance(3600); emulator.requests.clear();
				const id = await client.start(node);
				while (emulator.requests.matching(/runliveresponse/).length === 0) await passed(200);
				await passed(5000);
				await profiled(`stop${r}`, async () => { await client.stop(id); await client.finished(id, 60); await passed(1500); });
			}
		}
	},
	['file:///tmp/profileProbe.mjs?folder=' + folder],
);
process.exit(0);
