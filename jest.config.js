/** Tests are .mts: only what ships (.ts) is held to the rules for n8n Cloud. */
const project = (name, more = {}) => ({
	displayName: name,
	testMatch: [`<rootDir>/test/${name}/**/*.test.mts`],
	testEnvironment: 'node',
	modulePathIgnorePatterns: ['<rootDir>/.playground/', '<rootDir>/dist/'],
	moduleFileExtensions: ['ts', 'mts', 'js', 'mjs', 'cjs', 'json', 'node'],
	transform: {
		'\\.m?ts$': [
			'@swc/jest',
			{
				jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
				module: { type: 'commonjs', ignoreDynamic: true },
			},
		],
	},
	...more,
});

/** One Azurite for the result files of all emulators. */
const onAzurite = (name, more) =>
	project(name, {
		globalSetup: '<rootDir>/test/integration/startSharedAzurite.mts',
		globalTeardown: '<rootDir>/test/integration/stopSharedAzurite.mts',
		...more,
	});

/**
 * The integration tests against a cloud that answers every open question in the way that hurts. The tests of the
 * emulator itself say what they set: under another profile they would be the same tests again.
 */
const harsh = onAzurite('harsh', {
	testMatch: ['<rootDir>/test/integration/**/*.test.mts'],
	testPathIgnorePatterns: ['<rootDir>/test/integration/emulator/'],
	globals: { emulatorProfile: 'harsh' },
});

/** One n8n for all tests that need it. */
const onN8n = (name) =>
	project(name, {
		globalSetup: '<rootDir>/test/e2e/startSharedN8n.mts',
		globalTeardown: '<rootDir>/test/e2e/stopSharedN8n.mts',
	});

module.exports = {
	testTimeout: 30_000,
	projects: [
		project('unit'),
		onAzurite('integration'),
		harsh,
		onN8n('e2e'),
		onN8n('editor'),
		project('queue'),
	],
};
