/** A cause the user can do something about: programs show its message alone, without a stack. */
class UserFacingError extends Error {}

/**
 * What a program does with an error that ends it.
 * @param {unknown} error
 */
function endWith(error) {
	console.error(error instanceof UserFacingError ? error.message : error);
	process.exitCode = 1;
}

module.exports = { UserFacingError, endWith };
