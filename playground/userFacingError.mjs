/** A cause the user can do something about: programs show its message alone, without a stack. */
export class UserFacingError extends Error {}

/**
 * What a program does with an error that ends it.
 * @param {unknown} error
 */
export function endWith(error) {
	console.error(error instanceof UserFacingError ? error.message : error);
	process.exitCode = 1;
}
