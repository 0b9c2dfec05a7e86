import type { INodeProperties } from 'n8n-workflow';

import { CALL_LIMITS } from '../nodes/DefenderLiveResponse/domain/callLimits';
import { cloudFields } from './cloudFields';

export const tenantId: INodeProperties = {
	displayName: 'Directory (Tenant) ID',
	name: 'tenantId',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. 72f988bf-86f1-41af-91ab-2d7cd011db47',
	description:
		'From the Overview page of the app registration; a domain of the tenant works as well',
};

export const clientId: INodeProperties = {
	displayName: 'Application (Client) ID',
	name: 'clientId',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. 11112222-bbbb-3333-cccc-4444dddd5555',
	description: 'From the Overview page of the app registration',
};

/** How the app authenticates. `selector` is the name of the field that chooses between the ways. */
export function proofFields(
	selector: 'authentication' | 'clientCredentialType',
): INodeProperties[] {
	return [
		{
			displayName: 'Authentication',
			name: selector,
			type: 'options',
			options: [
				{ name: 'Client Secret', value: 'clientSecret' },
				{ name: 'Certificate', value: 'certificate' },
			],
			default: 'clientSecret',
			description: 'How the app authenticates',
		},
		{
			displayName: 'Client Secret',
			name: 'clientSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			displayOptions: { show: { [selector]: ['clientSecret'] } },
			description:
				'The Value (not the Secret ID) of a secret under Certificates & secrets. It is shown once, right after it is made.',
		},
		{
			displayName: 'Private Key',
			name: 'privateKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			placeholder: 'e.g. -----BEGIN PRIVATE KEY-----',
			displayOptions: { show: { [selector]: ['certificate'] } },
			description:
				"The certificate's RSA key as PEM text, without a passphrase. Line breaks do not matter.",
		},
		{
			displayName: 'Certificate',
			name: 'certificate',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			placeholder: 'e.g. -----BEGIN CERTIFICATE-----',
			displayOptions: { show: { [selector]: ['certificate'] } },
			description:
				'The certificate uploaded under Certificates & secrets, as PEM text. Line breaks do not matter.',
		},
	];
}

const appFields: INodeProperties[] = [
	{
		displayName:
			'Three things to copy from your app registration in the Microsoft Entra admin center: <b>Directory (tenant) ID</b> and <b>Application (client) ID</b> from its Overview page, and the <b>Value</b> of a client secret from Certificates & secrets. It needs these application permissions of WindowsDefenderATP, with admin consent: <b>Machine.ReadWrite.All</b> to find devices and read results, <b>Machine.LiveResponse</b> to run commands, <b>Library.Manage</b> to use the library.',
		name: 'permissionsNotice',
		type: 'notice',
		default: '',
	},
	tenantId,
	clientId,
	...proofFields('authentication'),
];

/** What n8n may spend of the app registration's calls. */
export const budgetFields: INodeProperties[] = [
	{
		displayName: 'Calls per Minute',
		name: 'callsPerMinute',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: CALL_LIMITS.callsPerMinute,
		description:
			"How many Defender calls n8n may make with this app in a minute. Defender's limit is 100: enter less when other tools use the same app.",
	},
	{
		displayName: 'Calls per Hour',
		name: 'callsPerHour',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: CALL_LIMITS.callsPerHour,
		description:
			"How many Defender calls n8n may make with this app in an hour. Defender's limit is 1,500: enter less when other tools use the same app.",
	},
];

/**
 * Each item may have values of its own. Where there are no items, as in the connection test, n8n leaves
 * such a field out instead of failing with words of its own.
 */
const resolvedForItem = (field: INodeProperties): INodeProperties =>
	field.type === 'notice'
		? field
		: {
				...field,
				typeOptions: { ...field.typeOptions, ignoreCredentialExpressionResolveError: true },
			};

/** The credential's fields. Names and values are stored in users' databases: they never change. */
export const properties: INodeProperties[] = [
	...[...appFields, ...cloudFields, ...budgetFields].map(resolvedForItem),
	{
		displayName: 'Access Token',
		name: 'accessToken',
		type: 'hidden',
		typeOptions: { expirable: true, password: true },
		default: '',
	},
];
