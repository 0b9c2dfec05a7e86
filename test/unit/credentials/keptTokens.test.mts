import { KeptTokens } from '../../../credentials/signIn/keptTokens';

const HOUR_MS = 3_600_000;

/** Grants `token 1`, `token 2` and so on, each when it is let. */
function service() {
	let granted = 0;
	const signIn = async () => {
		const token = `token ${(granted += 1)}`;
		await Promise.resolve();
		return { token, livesForMs: HOUR_MS };
	};
	return { signIn, granted: () => granted };
}

describe('tokens in memory', () => {
	it('are asked for once for all that ask at the same time, and kept', async () => {
		const tokens = new KeptTokens(() => 0);
		const { signIn } = service();
		const ask = async () => await tokens.get('contoso', null, signIn);
		const all = await Promise.all([ask(), ask(), ask()]);
		expect(new Set([...all, await ask()])).toEqual(new Set(['token 1']));
	});

	it('belong to their settings alone', async () => {
		const tokens = new KeptTokens(() => 0);
		const { signIn } = service();
		expect(await tokens.get('contoso', null, signIn)).toBe('token 1');
		expect(await tokens.get('fabrikam', null, signIn)).toBe('token 2');
		expect(await tokens.get('contoso', null, signIn)).toBe('token 1');
	});

	it('are renewed once when many calls find the same one refused', async () => {
		const tokens = new KeptTokens(() => 0);
		const { signIn } = service();
		const first = await tokens.get('contoso', null, signIn);
		const again = async () => await tokens.get('contoso', first, signIn);
		expect(await Promise.all([again(), again()])).toEqual(['token 2', 'token 2']);
		expect(await again()).toBe('token 2');
	});

	it('are renewed before they run out', async () => {
		let now = 0;
		const tokens = new KeptTokens(() => now);
		const { signIn } = service();
		await tokens.get('contoso', null, signIn);
		now = 0.8 * HOUR_MS;
		expect(await tokens.get('contoso', null, signIn)).toBe('token 1');
		now = 0.95 * HOUR_MS;
		expect(await tokens.get('contoso', null, signIn)).toBe('token 2');
	});

	it('give way to a new one that the connection test asked for', async () => {
		const tokens = new KeptTokens(() => 0);
		const { signIn } = service();
		await tokens.get('contoso', null, signIn);
		expect(await tokens.renew('contoso', signIn)).toBe('token 2');
		expect(await tokens.get('contoso', null, signIn)).toBe('token 2');
	});

	it('keep nothing of a sign-in that failed', async () => {
		const tokens = new KeptTokens(() => 0);
		const refusing = tokens.get('contoso', null, async () => await Promise.reject(new Error('no')));
		await expect(refusing).rejects.toThrow('no');
		expect(await tokens.get('contoso', null, service().signIn)).toBe('token 1');
	});

	it('are a thousand at most: the one not used for longest goes', async () => {
		const tokens = new KeptTokens(() => 0);
		const { signIn, granted } = service();
		for (let tenant = 0; tenant < 1000; tenant++)
			await tokens.get(`tenant ${tenant}`, null, signIn);
		await tokens.get('tenant 0', null, signIn);
		await tokens.get('one more', null, signIn);
		expect(granted()).toBe(1001);
		await tokens.get('tenant 0', null, signIn);
		expect(granted()).toBe(1001);
		await tokens.get('tenant 1', null, signIn);
		expect(granted()).toBe(1002);
	});
});
