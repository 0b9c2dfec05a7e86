/** Tests are .mts: only what ships (.ts) is held to the rules for n8n Cloud. */
const project = (name, more = {}) => ({
	displayName: name,
	testMatch: [`<rootDir>/test/${name}/**/*.test.mts`],
	testEnvironment: 'node',
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

module.exports = {
	testTimeout: 30_000,
	projects: [project('unit'), project('integration'), project('e2e')],
};
