/** For fast-check in the unit tests: the same made-up inputs in every run. `npm run fuzz` has new ones. */
export const fixedSeed = 20261125;
