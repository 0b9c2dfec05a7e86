import { NodeApiError, UserError } from 'n8n-workflow';

import {
	NO_PERMISSION,
	signInMessage,
} from '../../../nodes/DefenderLiveResponse/transport/signInMessages';
import { someNode } from '../../support/expressions.mts';

const refused = (status: number, ...codes: number[]) =>
	signInMessage({ kind: 'refused', status, codes });

describe('what a user reads when the sign-in does not work', () => {
	it.each([
		['a wrong secret', 7000215, 'paste its Value (not its Secret ID)'],
		['an expired secret', 7000222, 'The client secret has expired'],
		['an unknown tenant', 90002, "the field 'Directory (Tenant) ID'"],
		['a tenant of another cloud', 90038, "Change the field 'Cloud'"],
		['an unknown app', 700016, "the fields 'Application (Client) ID' and 'Directory (Tenant) ID'"],
		['a disabled app', 7000112, 'The app is disabled'],
		['a certificate that is not uploaded', 700027, 'upload the certificate'],
		['no proof at all', 7000218, "Fill in the field 'Client Secret'"],
		['a tenant without Defender', 500011, 'Defender for Endpoint is not set up in this tenant'],
		['a tenant without a licence', 650052, 'Defender for Endpoint is not set up in this tenant'],
		['no consent', 65001, 'Grant admin consent'],
		['an app that is not assigned', 501051, 'assign a role to the app'],
		['a wrong resource', 70011, "the field 'Token Resource'"],
		['Conditional Access', 53003, 'A policy of the tenant blocks this sign-in'],
		['throttling', 90055, 'Wait a few minutes'],
	])('for %s says where to click and gives the code', (_case, code, text) => {
		expect(refused(400, code)).toContain(text);
		expect(refused(400, code)).toMatch(new RegExp(`\\(AADSTS${code}\\)$`));
	});

	it.each([
		[
			'a certificate outside its validity',
			[1000502],
			/^Microsoft Entra says that the certificate.*clock/,
		],
		[
			'a proof outside its time',
			[70002, 500133],
			/^Microsoft Entra says that the certificate.*clock/,
		],
		['a proof with a wrong signature', [70002, 50012], /^Microsoft Entra did not accept the cert/],
		[
			'no service principal',
			[7000229],
			/no service principal in this tenant.*'Directory \(Tenant\) ID'/,
		],
		['a revoked certificate', [7000214], /certificate was revoked, or it has no service principal/],
	])('for %s says so, and speaks of no client secret', (_case, codes, text) => {
		for (const proof of ['certificate', undefined] as const) {
			const shown = signInMessage({ kind: 'refused', status: 401, codes }, proof);
			expect(shown).toMatch(text);
			expect(shown).not.toMatch(/client secret/i);
		}
	});

	it('never speaks of a client secret to an app with a certificate', () => {
		for (const code of [7000215, 70002, 7000222, 7000218, 50012, 700025, 7000112, 700016]) {
			const shown = signInMessage({ kind: 'refused', status: 401, codes: [code] }, 'certificate');
			expect(shown).not.toMatch(/client secret|secret or|its Value/i);
		}
	});

	it('takes an older code for a wrong secret where there is one', () => {
		const answer = { kind: 'refused', status: 401, codes: [70002, 50012] } as const;
		expect(signInMessage(answer, 'clientSecret')).toContain('did not accept the client secret');
	});

	it('for a code nobody listed leads to the page that explains it', () => {
		expect(refused(400, 1234567)).toMatch(
			/https:\/\/login\.microsoftonline\.com\/error\?code=1234567$/,
		);
	});

	it('follows the first code that is known', () => {
		expect(refused(401, 7000999, 7000222)).toMatch(/expired.*\(AADSTS7000222\)$/);
	});

	it.each([
		['Entra is down', { kind: 'refused', status: 503, codes: [] }, 'Wait a few minutes'],
		['a gateway is down', { kind: 'unreadable', status: 502 }, 'Wait a few minutes'],
		['too many sign-ins', { kind: 'unreadable', status: 429 }, 'Wait a few minutes'],
		['a proxy wants a login', { kind: 'unreadable', status: 407 }, 'proxy or firewall'],
		['a captive portal', { kind: 'unreadable', status: 200 }, 'proxy or firewall'],
		['no such host', { kind: 'unreachable', code: 'ENOTFOUND' }, 'can resolve'],
		['nothing listens', { kind: 'unreachable', code: 'ECONNREFUSED' }, 'firewall and proxy'],
		['no answer in time', { kind: 'unreachable', code: 'ECONNABORTED' }, 'firewall and proxy'],
		['no reason given', { kind: 'unreachable', code: '' }, 'firewall and proxy'],
		[
			'an inspecting proxy',
			{ kind: 'unreachable', code: 'SELF_SIGNED_CERT_IN_CHAIN' },
			'does not trust',
		],
		['n8n forbids the host', { kind: 'blocked' }, 'SSRF protection of n8n'],
	] as const)('when %s says what to look at', (_case, answer, text) => {
		expect(signInMessage(answer)).toContain(text);
	});

	it('reaches the screen as it was written', () => {
		const codes = [7000215, 7000222, 90002, 90038, 700016, 7000112, 700027, 700025, 7000218];
		const more = [500011, 65001, 501051, 70011, 53003, 90055, 42];
		const messages = [
			NO_PERMISSION,
			...[...codes, ...more].map((code) => refused(400, code)),
			...['ENOTFOUND', 'ETIMEDOUT', 'CERT_HAS_EXPIRED'].map((code) =>
				signInMessage({ kind: 'unreachable', code }),
			),
			signInMessage({ kind: 'unreadable', status: 200 }),
			signInMessage({ kind: 'blocked' }),
		];
		expect(new Set(messages).size).toBe(messages.length);
		for (const message of messages) {
			// n8n swaps a message that holds the name of a system call's complaint for one of its own.
			expect(new NodeApiError(someNode, new UserError(message) as never).message).toBe(message);
			expect(message).not.toMatch(/\b(error|problem|failure|mistake)\b(?!\?code)/i);
		}
	});
});
