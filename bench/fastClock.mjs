/**
 * Loaded into n8n before it starts: makes its time run faster, timers included, so that an hour of
 * waiting for rate limits is measured in minutes. The query says how: `?speed=10&since=<ms>`.
 */
const query = new URL(import.meta.url).searchParams;
const speed = Number(query.get('speed'));
const since = Number(query.get('since'));

const SystemDate = Date;
const systemNow = Date.now;
const now = () => since + Math.floor((systemNow() - since) * speed);

const FastDate = new Proxy(SystemDate, {
	construct: (target, args, newTarget) =>
		Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
	apply: () => new SystemDate(now()).toString(),
});
SystemDate.now = now;
SystemDate.prototype.constructor = FastDate;
globalThis.Date = FastDate;

const systemElapsed = performance.now.bind(performance);
const { timeOrigin } = performance;
performance.now = () => since + (timeOrigin + systemElapsed() - since) * speed - timeOrigin;

for (const name of ['setTimeout', 'setInterval']) {
	const systemTimer = globalThis[name];
	const fastTimer = (run, milliseconds, ...args) =>
		systemTimer(run, milliseconds === undefined ? undefined : milliseconds / speed, ...args);
	globalThis[name] = Object.assign(fastTimer, systemTimer);
	for (const symbol of Object.getOwnPropertySymbols(systemTimer)) {
		Object.defineProperty(fastTimer, symbol, Object.getOwnPropertyDescriptor(systemTimer, symbol));
	}
}
