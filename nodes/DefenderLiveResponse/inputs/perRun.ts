/**
 * Something made once for each run, and forgotten with it.
 *
 * @returns what is kept for the object that stands for a run: n8n hands all items of a try the same
 * functions, and all tries of a run the same execute data
 */
export function perRun<T extends object>(make: () => T): (run: object) => T {
	const made = new WeakMap<object, T>();
	return (run) => {
		const known = made.get(run) ?? make();
		made.set(run, known);
		return known;
	};
}
