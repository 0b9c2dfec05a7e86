import { isPassingStatus } from './passingStatus';
import { isUntrusted } from './untrustedCertificate';

/** How the token request ended. Nothing of the answer's text is kept: it can echo what was sent. */
export type TokenAnswer =
	| { kind: 'granted' }
	/** Entra's JSON refusal: the numbers of its AADSTS codes, the most telling one first. */
	| { kind: 'refused'; status: number; codes: readonly number[] }
	/** Something that is not Entra answered, e.g. a proxy's HTML page. */
	| { kind: 'unreadable'; status: number }
	/** No answer. `code` is the one of Node or axios, empty when there was none. */
	| { kind: 'unreachable'; code: string }
	/** n8n's own egress rules did not let the request out. */
	| { kind: 'blocked' };

/** What the app proves itself with; undefined where it is not known. */
export type Proof = 'clientSecret' | 'certificate' | undefined;

const APP = 'In the Microsoft Entra admin center, open App registrations > your app';

const API_PERMISSIONS =
	'API permissions > Add a permission > APIs my organization uses > WindowsDefenderATP > Application permissions';

/** For a token that opens nothing. */
export const NO_PERMISSION = `Sign-in works, but the app has no permission for Defender for Endpoint yet. ${APP} > ${API_PERMISSIONS}, add Machine.ReadWrite.All, Machine.LiveResponse and Library.Manage, then choose Grant admin consent. A minute later, open the credential and choose Retry`;

const UNKNOWN_TENANT =
	"Microsoft Entra does not know this tenant. Compare the field 'Directory (Tenant) ID' with the app's Overview page, and check that the field 'Cloud' is the tenant's cloud";
const WRONG_CLOUD =
	"The tenant belongs to another Microsoft cloud. Change the field 'Cloud' to the one the tenant is in (US government tenants: GCC, GCC High or DoD)";
const UNKNOWN_APP =
	"The app was not found in this tenant. Compare the fields 'Application (Client) ID' and 'Directory (Tenant) ID' with the app's Overview page, and check that the field 'Cloud' is the tenant's cloud";
const DISABLED_APP =
	'The app is disabled in this tenant. In the Microsoft Entra admin center, open Enterprise applications > your app > Properties and enable it for sign-in';
const WRONG_SECRET = `Microsoft Entra did not accept the client secret. ${APP} > Certificates & secrets, create a secret and paste its Value (not its Secret ID) into the field 'Client Secret'`;
const EXPIRED_SECRET = `The client secret has expired. ${APP} > Certificates & secrets, create a new one and paste its Value into the field 'Client Secret'`;
const WRONG_CERTIFICATE = `Microsoft Entra did not accept the certificate. ${APP} > Certificates & secrets > Certificates and upload the certificate that is in the field 'Certificate'; if it is there, check that it has not expired and that the clock of the machine that runs n8n is right`;
const CERTIFICATE_TIME =
	"Microsoft Entra says that the certificate, or what was signed with it, is not valid at this time. Check the validity period of the certificate in the field 'Certificate', and the clock of the machine that runs n8n";
const NO_SERVICE_PRINCIPAL = `The app has no service principal in this tenant. Compare the field 'Directory (Tenant) ID' with the tenant the app is meant for; if it is right, an administrator of that tenant has to consent to the app under App registrations > your app > API permissions > Grant admin consent`;
const REVOKED_OR_ABSENT = `Microsoft Entra does not let the app into this tenant: its certificate was revoked, or it has no service principal there. ${APP} > Certificates & secrets > Certificates and upload a new one, and choose Grant admin consent under API permissions`;
const PUBLIC_CLIENT = `The app is registered as a public client, which cannot sign in by itself. ${APP} > Authentication and turn off Allow public client flows, or register another app`;
const CREDENTIAL_MISSING =
	"Microsoft Entra found neither secret nor certificate in the request. Fill in the field 'Client Secret', or choose Certificate in the field 'Authentication'";
const NO_DEFENDER =
	"Defender for Endpoint is not set up in this tenant. Check that the tenant has a license, open security.microsoft.com once as an administrator, and check the fields 'Cloud' and 'Directory (Tenant) ID'";
const NO_CONSENT = `An administrator has not consented to the app's permissions yet. ${APP} > ${API_PERMISSIONS}, add Machine.ReadWrite.All, Machine.LiveResponse and Library.Manage, then choose Grant admin consent`;
const NOT_ASSIGNED =
	'The tenant lets only assigned apps use Defender for Endpoint. In the Microsoft Entra admin center, open Enterprise applications > WindowsDefenderATP, and assign a role to the app or ask an administrator to do it';
const WRONG_RESOURCE =
	"Microsoft Entra does not accept the resource that a token was asked for. Check the field 'Cloud', or with Custom the field 'Token Resource'";
const POLICY =
	'A policy of the tenant blocks this sign-in. In the Microsoft Entra admin center, open Sign-in logs > Service principal sign-ins to see which one, and ask an administrator to let the app in from the address that n8n uses';
const BUSY =
	'Microsoft Entra cannot answer right now or limits how often this app signs in. Wait a few minutes and try again';
const NO_HOST =
	"The sign-in service could not be found. Check that the machine that runs n8n can resolve login.microsoftonline.com (US government: login.microsoftonline.us), or with Custom the host in the field 'Login URL'";
const NO_TRUST =
	'The sign-in service answered with a TLS certificate that n8n does not trust. If a proxy inspects the traffic, add its certificate authority to n8n (NODE_EXTRA_CA_CERTS)';
const NO_ANSWER =
	"The sign-in service did not answer. Check that firewall and proxy let n8n reach login.microsoftonline.com (US government: login.microsoftonline.us), or with Custom the host in the field 'Login URL'";
const NOT_ENTRA =
	"The answer to the sign-in did not come from Microsoft Entra. Check whether a proxy or firewall is in between, and with Custom the field 'Login URL'";
const BLOCKED =
	"The SSRF protection of n8n blocked this request. Check its settings in the n8n instance: they must allow login.microsoftonline.com (US government: login.microsoftonline.us), or with Custom the host in the field 'Login URL'";

/** https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const MESSAGES: ReadonlyArray<readonly [message: string, codes: readonly number[]]> = [
	[WRONG_SECRET, [7000215, 70002]],
	[EXPIRED_SECRET, [7000222]],
	[UNKNOWN_TENANT, [90002, 900021, 900023, 90019, 50059, 50128]],
	[WRONG_CLOUD, [90038, 90043, 90051, 900382, 900432, 1000104]],
	[UNKNOWN_APP, [700016, 700011, 700038]],
	[DISABLED_APP, [7000112, 70001, 1000031]],
	[WRONG_CERTIFICATE, [700027, 50012, 700030, 50017, 50027, 50048, 900384, 50006, 50032]],
	[CERTIFICATE_TIME, [700024, 1000502, 500133]],
	[NO_SERVICE_PRINCIPAL, [7000229]],
	[REVOKED_OR_ABSENT, [7000214]],
	[PUBLIC_CLIENT, [700025]],
	[CREDENTIAL_MISSING, [7000218, 7000216]],
	[NO_DEFENDER, [500011, 650052, 650054]],
	[NO_CONSENT, [65001, 650056, 650057, 65005, 90008, 90094, 90095, 90099]],
	[NOT_ASSIGNED, [501051, 50105]],
	[WRONG_RESOURCE, [70011, 50001, 28002, 700022, 700023]],
	[POLICY, [53000, 53001, 53002, 53003, 53004, 53011, 530032, 530034, 530035, 50002, 500021]],
	[POLICY, [500022, 500212, 500213, 50005, 50131, 50053]],
	[BUSY, [50033, 50196, 90006, 90012, 90024, 90033, 90055, 90090, 90091]],
];

const MESSAGE_BY_CODE = new Map(
	MESSAGES.flatMap(([message, codes]) => codes.map((code) => [code, message])),
);

const HOST_NOT_FOUND = ['ENOTFOUND', 'EAI_AGAIN'];

/**
 * Says what to do when no token was granted: static text, with at most Entra's numeric code. It is
 * complete in one sentence or two because n8n's credential test shows the message only.
 */
export function signInMessage(
	answer: Exclude<TokenAnswer, { kind: 'granted' }>,
	proof?: Proof,
): string {
	switch (answer.kind) {
		case 'refused':
			return refusalMessage(answer.status, answer.codes, proof);
		case 'unreadable':
			return answer.status === 429 || answer.status >= 500 ? BUSY : NOT_ENTRA;
		case 'unreachable':
			if (HOST_NOT_FOUND.includes(answer.code)) return NO_HOST;
			return isUntrusted(answer.code) ? NO_TRUST : NO_ANSWER;
		case 'blocked':
			return BLOCKED;
	}
}

/** Whether the same request may be granted a moment later, with nothing changed. */
export function mayPass(answer: Exclude<TokenAnswer, { kind: 'granted' }>): boolean {
	switch (answer.kind) {
		case 'refused':
			return (
				isPassingStatus(answer.status) ||
				answer.codes.some((code) => MESSAGE_BY_CODE.get(code) === BUSY)
			);
		case 'unreadable':
			return isPassingStatus(answer.status);
		case 'unreachable':
			return !isUntrusted(answer.code);
		case 'blocked':
			return false;
	}
}

/** Stands before the code that says what is wrong. */
const INVALID_CLIENT = 70002;
/** The signature of a certificate's proof; of a secret, in older words, that it is wrong. */
const INVALID_PROOF = 50012;

function knownMessage(code: number, proof: Proof): string | undefined {
	const message = MESSAGE_BY_CODE.get(code);
	switch (proof) {
		case 'certificate':
			return message === WRONG_SECRET ||
				message === EXPIRED_SECRET ||
				message === CREDENTIAL_MISSING
				? WRONG_CERTIFICATE
				: message;
		case 'clientSecret':
			return code === INVALID_PROOF ? WRONG_SECRET : message;
		case undefined:
			return message;
	}
}

function refusalMessage(status: number, codes: readonly number[], proof: Proof): string {
	const tellingFirst = [...codes.filter((code) => code !== INVALID_CLIENT), ...codes];
	for (const code of tellingFirst) {
		const known = knownMessage(code, proof);
		if (known !== undefined) return `${known} (AADSTS${code})`;
	}
	if (status === 429 || status >= 500) return BUSY;
	const [code] = codes;
	return code === undefined
		? NOT_ENTRA
		: `Microsoft Entra rejected the sign-in with the code AADSTS${code}. What it means and how to go on: https://login.microsoftonline.com/error?code=${code}`;
}
