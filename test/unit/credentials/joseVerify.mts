/**
 * Verifies the JWT on standard input (`{ jwt, certificate, audience, subject }`) with jose, which shares
 * no code with the library MSAL signs with, and prints its header and claims. A program of its own
 * because jest does not load ES modules.
 */
import { text } from 'node:stream/consumers';

import { importX509, jwtVerify } from 'jose';

const { jwt, certificate, audience, subject } = JSON.parse(await text(process.stdin)) as Record<
	string,
	string
>;
const { protectedHeader, payload } = await jwtVerify(jwt, await importX509(certificate, 'PS256'), {
	algorithms: ['PS256'],
	audience,
	issuer: subject,
	subject,
	// MSAL rounds the time to the nearest second.
	clockTolerance: 1,
});
console.log(JSON.stringify({ header: protectedHeader, claims: payload }));
