import { execFileSync } from 'node:child_process';
import path from 'node:path';

/** The header and claims of a client assertion, once an independent library has verified it. */
export function verifiedAssertion(expected: {
	jwt: string;
	certificate: string;
	audience: string;
	subject: string;
}): { header: object; claims: Record<string, unknown> } {
	const output = execFileSync(
		process.execPath,
		['--no-warnings', path.join(__dirname, 'joseVerify.mts')],
		{ input: JSON.stringify(expected), encoding: 'utf8' },
	);
	return JSON.parse(output) as ReturnType<typeof verifiedAssertion>;
}
