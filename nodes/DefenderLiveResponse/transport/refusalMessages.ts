/**
 * What the user reads when a call was refused: what happened, and the next step; and the code that a
 * workflow reads. Messages are static
 * text, so that nothing a device or a tenant wrote can end up in them; descriptions end with the
 * API's own words.
 *
 * https://learn.microsoft.com/en-us/defender-endpoint/api/common-errors
 */
import type { RefusalCode } from '../domain/refusalCode';
import { CANCELED } from '../inputs/nodeErrors';
import type { ApiCall, HeldBack, Refusal } from './apiCall';
import { messageByCode, type RefusalMessage } from './codeMessages';
import { networkAdvice } from './networkAdvice';
import { shownWords } from './shownWords';

interface CalledFor extends Pick<
	ApiCall,
	'subject' | 'permissions' | 'role' | 'path' | 'notFoundAdvice'
> {
	/** Whether a signed-in user made the call. */
	isDelegated: boolean;
}

export function refusalMessage(call: CalledFor, refusal: Refusal): RefusalMessage {
	switch (refusal.kind) {
		case 'status':
			return withWords(messageOf(call, refusal), refusal);
		case 'unreadable':
			return {
				code: 'apiError',
				message: 'The Defender API answered with something that is not JSON',
				description:
					'This happened several times. A proxy between n8n and the Defender API may have answered in its place; if there is none, try again later.',
			};
		case 'unreachable':
			return {
				code: 'unreachable',
				message: 'The Defender API could not be reached',
				description: `${networkAdvice(refusal.code)} The API host is set by the fields 'Cloud' and 'Region' of the credential.`,
			};
		case 'signInRefused':
			return {
				code: 'signInFailed',
				message: refusal.message,
				description: refusal.description ?? SIGN_IN_ADVICE,
			};
		case 'held':
			return refusal.limit === 'sessions'
				? fullTenant(refusal)
				: {
						code: 'rateLimited',
						message: `The Defender API limit is used up: the next call could be made in ${seconds(refusal.holdMs)}`,
						description: `${spentLimit(refusal)} That is longer than 'Max Rate Limit Wait (Seconds)' allows. Set that option to ${Math.ceil(refusal.holdMs / 1000)} or more, or run this later. With 'Retry On Fail' on, finished items are kept between the tries.`,
					};
		case 'stopped':
			return {
				code: 'canceled',
				message: CANCELED,
				description: 'Nothing more was sent to the Defender API.',
			};
	}
}

function messageOf(call: CalledFor, refusal: Extract<Refusal, { kind: 'status' }>): RefusalMessage {
	return messageByCode(call.path, refusal.code ?? '') ?? statusMessage(call, refusal);
}

function statusMessage(
	call: CalledFor,
	refusal: Extract<Refusal, { kind: 'status' }>,
): RefusalMessage {
	switch (refusal.status) {
		case 400:
			return {
				code: 'invalidInput',
				message: 'The Defender API did not accept the request',
				description: 'Check the parameters of this node.',
			};
		case 401:
			return {
				code: 'signInFailed',
				message: 'The Defender API did not accept the access token',
				description:
					"n8n requested a new token once. Check that the field 'Cloud' of the credential is the tenant's cloud, and that the app registration still exists.",
			};
		case 403:
			return call.isDelegated ? userMayNot(call) : appMayNot(call);
		case 404:
			return isCollection(call)
				? {
						code: 'apiError',
						message: 'There is no Defender API at this address',
						description:
							"Check the field 'Cloud' of the credential, and with Custom the field 'API URL'.",
					}
				: {
						code: codeOfMissing(call),
						message: `${call.subject} was not found`,
						description:
							call.notFoundAdvice ??
							'Check the ID, and that the credential is for the tenant in which it was created. It can take two minutes to appear after it was created.',
					};
		case 429:
			return {
				code: 'rateLimited',
				message: 'The Defender API rejected the call because its limit is used up',
				description: `The API allows 100 calls a minute and 1,500 an hour for one app registration${
					refusal.retryAfterMs === null ? '' : `; it asked to wait ${seconds(refusal.retryAfterMs)}`
				}. Turn on 'Retry On Fail' in the node's settings: finished items are kept. If other tools use the same app registration, lower 'Calls per Minute' in the credential.`,
			};
		default:
			return {
				code: 'apiError',
				message: `The Defender API answered with HTTP status ${refusal.status}`,
				description: 'The problem is on the side of the service. Try again later.',
			};
	}
}

function appMayNot({ permissions }: CalledFor): RefusalMessage {
	const needed = permissions.join(' and ');
	return {
		code: 'permissionMissing',
		message: `The app registration may not do this: it needs ${needed}. ${GRANT_IT}`,
		description: `In the Microsoft Entra admin center, open App registrations > your app > API permissions > Add a permission > APIs my organization uses > WindowsDefenderATP > Application permissions, add ${needed}, then choose 'Grant admin consent' and wait a minute. Until 'Retry' is chosen, n8n uses a token without the new permissions for up to an hour.`,
	};
}

/** A token keeps the permissions that it was made with. */
const GRANT_IT =
	'Grant it in Microsoft Entra, then open the credential in n8n and choose Retry, so that it gets a new token';

const ROLES =
	"live response, with 'View Data' for lists, and with 'Manage Security Settings' for the library";

/** A delegated permission has the name of the application permission, without `.All`. */
function userMayNot({ permissions, role = ROLES }: CalledFor): RefusalMessage {
	const needed = permissions.map((name) => name.replace(/\.All$/, '')).join(' and ');
	return {
		code: 'permissionMissing',
		message: `The signed-in user may not do this: it needs ${needed}. Grant it in Microsoft Entra, then open the credential in n8n and connect again, so that it gets a new token`,
		description: `Both the app and the user need the permission. In the Microsoft Entra admin center, open App registrations > your app > API permissions > Add a permission > APIs my organization uses > WindowsDefenderATP > Delegated permissions, add ${needed}, choose 'Grant admin consent', and wait a minute before you connect again. In the Defender portal, the user needs access to the group of the device and a role with ${role}.`,
	};
}

const SIGN_IN_ADVICE = "Open the credential: it says what is missing, and 'Retry' tests it again.";

/** @param refusal of a start that waited for so long */
const fullTenant = ({ holdMs, unfinished }: HeldBack): RefusalMessage => ({
	code: 'sessionsExhausted',
	message: `All live response sessions of the tenant are in use: none became free in ${seconds(holdMs)}`,
	description: `Defender allows 25 or 50 at once, including those opened in the portal and by other tools; live responses that wait for their device may count as well. This node run has ${unfinished === 0 ? 'none' : unfinished} of them open, as far as it knows. Set 'Max Wait (Minutes)' higher, run on fewer devices at a time, cancel what is pending, or close sessions in the Defender portal.`,
});

/** Which limit it is, and where it is set. */
function spentLimit(refusal: HeldBack): string {
	switch (refusal.limit) {
		case 'hour':
			return `This app registration may make ${refusal.calls} calls an hour ('Calls per Hour' in the credential; the API allows 1,500), and they are used up.`;
		case 'packageLinks':
		case 'packageLinksPerHour':
			return 'Links to investigation packages are limited to 2 a minute and 120 an hour for one app registration, and they are used up.';
		case 'minute':
		case 'runs':
		case 'sessions':
		case 'uploads':
			return 'The API rejected a call and asked to wait that long. Its limits are 100 calls a minute and 1,500 an hour for one app registration, and 10 starts of live responses a minute.';
	}
}

/** A path of one part, such as `/machines`: it has entries, and is always there. */
const isCollection = ({ path }: CalledFor) => /^\/\w+$/.test(path);

/** What there is none of, by the first part of the path. */
function codeOfMissing({ path }: CalledFor): RefusalCode {
	if (path.startsWith('/machines/')) return 'deviceNotFound';
	if (path.startsWith('/libraryfiles/')) return 'scriptNotFound';
	return 'noResult';
}

/** The same, with the API's words and its correlation id, which Microsoft support asks for. */
function withWords(
	{ description, ...message }: RefusalMessage,
	refusal: Extract<Refusal, { kind: 'status' }>,
): RefusalMessage {
	const words = refusal.message === null ? '' : shownWords(refusal.message);
	const said = words === '' ? '' : ` Defender says: ${words}`;
	const target = CORRELATION_ID.test(refusal.target ?? '') ? refusal.target : null;
	const reference = target === null ? '' : ` (correlation id ${target})`;
	return { ...message, description: `${description}${said}${reference}` };
}

/** A GUID, or a hierarchical id as in `|a1b2c3d4-0123456789abcdef.` */
const CORRELATION_ID = /^\|?[\w-]{1,64}(?:\.[\w-]{1,16}){0,4}\.?$/;

export function seconds(ms: number): string {
	const whole = Math.max(1, Math.ceil(ms / 1000));
	return whole < 120 ? `${whole} s` : `${Math.ceil(whole / 60)} min`;
}
