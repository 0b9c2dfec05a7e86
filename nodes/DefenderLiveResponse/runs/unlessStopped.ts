import { onStop } from '../transport/onStop';

/** What the work comes to; undefined as soon as the execution is stopped, while the work goes on. */
export async function unlessStopped<T>(
	work: Promise<T>,
	signal: AbortSignal | undefined,
): Promise<T | undefined> {
	if (!signal) return await work;
	if (signal.aborted) return undefined;
	let forget = () => {};
	const stopped = new Promise<undefined>((resolve) => {
		forget = onStop(signal, () => resolve(undefined));
	});
	try {
		return await Promise.race([work, stopped]);
	} finally {
		forget();
	}
}
