/** Works on so many entries at a time, in their order; what is left when it does not go on is not begun. */
export async function sideBySide<Entry>(
	entries: readonly Entry[],
	atOnce: number,
	goesOn: () => boolean,
	work: (entry: Entry, at: number) => Promise<void>,
): Promise<void> {
	let next = 0;
	const worker = async () => {
		while (next < entries.length && goesOn()) {
			const at = next++;
			await work(entries[at], at);
		}
	};
	await Promise.all(Array.from({ length: Math.min(atOnce, entries.length) }, worker));
}
