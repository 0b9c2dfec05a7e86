/** A text of a file of the project, and what is put in its place. */
export interface Change {
	readonly file: string;
	/** Is in the file exactly once. */
	readonly from: string;
	readonly to: string;
}

/** A change of the sources that tests must notice. */
export interface Mutation {
	readonly name: string;
	readonly changes: readonly Change[];
	/** The test file, and what the full names of the tests in it match that are run. */
	readonly test: string;
	readonly testNames: RegExp;
}

/** Mutations of one kind. */
export interface MutationList {
	readonly mutations: readonly Mutation[];
	/** Why a mutation is not what another page says of it; null when it is. */
	objectionTo?(mutation: Mutation): string | null;
	/** Tests that at least one of the mutations must make fail; none by default. */
	mustFail?(testName: string): boolean;
}

/** The text as a pattern that matches it and nothing else. */
export const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
