import { contosoMachineId, startEmulator, type Emulator } from '../../../emulator/emulator.mts';
import { apiClient, refusal } from './client.mts';

let emulator: Emulator;

afterEach(async () => {
	await emulator.stop();
});

describe('the rate limits', () => {
	it('refuse the 101st call of a minute and take calls again when the window has moved on', async () => {
		const now = 1_800_000_000_000;
		emulator = await startEmulator({ clock: () => now });
		const client = apiClient(emulator);
		const statuses = await Promise.all(
			Array.from({ length: 101 }, async () => await client.get('/machines?$top=1')),
		);
		const refused = statuses.filter(({ status }) => status !== 200);

		expect(refused.map(refusal)).toEqual([[429, 'TooManyRequests']]);
		expect(refused[0].headers.get('retry-after')).toBe('60');
		emulator.advance(60);
		expect((await client.get('/machines?$top=1')).status).toBe(200);
	});

	it('tell the wait in real seconds when time runs faster', async () => {
		emulator = await startEmulator({
			timeScale: 20,
			retryAfter: 'fraction',
			limits: { callsPerMinute: 1 },
		});
		const client = apiClient(emulator);
		await client.get('/machines?$top=1');
		const wait = Number((await client.get('/machines?$top=1')).headers.get('retry-after'));

		expect(wait).toBeGreaterThan(2.5);
		expect(wait).toBeLessThanOrEqual(3);
		expect(emulator.credential.callsPerMinute).toBe(20);
	});

	it('hold runs to 10 a minute', async () => {
		emulator = await startEmulator({ clock: () => 1_800_000_000_000 });
		const client = apiClient(emulator);
		const id = contosoMachineId('pc-fin-014.contoso.example');
		const codes: Array<string | undefined> = [];
		for (let run = 0; run < 11; run += 1) {
			codes.push(refusal(await client.post(`/machines/${id}/runliveresponse`, {}))[1]);
		}

		expect(codes.slice(0, 10)).toEqual(Array(10).fill('MissingRequiredParameter'));
		expect(codes[10]).toBe('TooManyRequests');
		expect((await client.get('/machines')).status).toBe(200);
	});

	it('do not count calls without a valid token', async () => {
		emulator = await startEmulator({ limits: { callsPerMinute: 1 } });
		await apiClient(emulator, 'forged').get('/machines');

		expect((await apiClient(emulator).get('/machines')).status).toBe(200);
	});
});
