/** A cause the user can do something about: the programs of the playground show its message alone. */
export class Obstacle extends Error {}

/** What a program does with an error that ends it. */
export function endWith(error: unknown): void {
	console.error(error instanceof Obstacle ? error.message : error);
	process.exitCode = 1;
}
