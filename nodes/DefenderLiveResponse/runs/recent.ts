/** A map that keeps the entries set last and drops the oldest, so that it stays small without a timer. */
export class Recent<Value> {
	private readonly entries = new Map<string, Value>();

	constructor(private readonly most: number) {}

	get(name: string): Value | undefined {
		return this.entries.get(name);
	}

	set(name: string, value: Value): void {
		this.entries.delete(name);
		this.entries.set(name, value);
		for (const [oldest] of this.entries) {
			if (this.entries.size <= this.most) return;
			this.entries.delete(oldest);
		}
	}

	delete(name: string): void {
		this.entries.delete(name);
	}
}
