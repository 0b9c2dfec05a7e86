import type { INodeProperties } from 'n8n-workflow';

import { choiceField } from '../nodes/DefenderLiveResponse/descriptions/choice';
import type { CloudChoice, RegionChoice } from '../nodes/DefenderLiveResponse/transport/clouds';

const forCustomCloud = { show: { cloud: ['custom'] } };

/** Which cloud, and where it is reached: `resolveEndpoints` reads them. */
export const cloudFields: INodeProperties[] = [
	choiceField<CloudChoice>({
		displayName: 'Cloud',
		name: 'cloud',
		type: 'options',
		options: [
			{ name: 'Global', value: 'global' },
			{ name: 'US Government: GCC', value: 'gcc' },
			{ name: 'US Government: GCC High', value: 'gccHigh' },
			{ name: 'US Government: DoD', value: 'dod' },
			{
				name: 'Custom',
				value: 'custom',
				description:
					'Addresses of your own, such as those of a new region or of an emulator on this machine',
			},
		],
		default: 'global',
		description: 'The Microsoft cloud the tenant is in',
	}),
	choiceField<RegionChoice>({
		displayName: 'Region',
		name: 'region',
		type: 'options',
		options: [
			{ name: 'Automatic', value: 'auto' },
			{ name: 'Australia', value: 'au' },
			{ name: 'Europe', value: 'eu' },
			{ name: 'India', value: 'ina' },
			{ name: 'Switzerland', value: 'swa' },
			{ name: 'United Arab Emirates', value: 'aea' },
			{ name: 'United Kingdom', value: 'uk' },
			{ name: 'United States', value: 'us' },
		],
		default: 'auto',
		displayOptions: { show: { cloud: ['global'] } },
		description:
			"Where the tenant's Defender data is stored. The nearest server answers fastest; Automatic works for every tenant.",
	}),
	{
		displayName: 'Login URL',
		name: 'loginUrl',
		type: 'string',
		default: 'https://login.microsoftonline.com',
		required: true,
		placeholder: 'e.g. https://login.microsoftonline.com',
		displayOptions: forCustomCloud,
		description: 'The address at which the app signs in: scheme and host, without the tenant',
	},
	{
		displayName: 'API URL',
		name: 'apiUrl',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. https://api.security.microsoft.com',
		displayOptions: forCustomCloud,
		description: 'The address of the Defender API: scheme and host, with or without /api',
	},
	{
		displayName: 'Token Resource',
		name: 'resource',
		type: 'string',
		default: 'https://api.securitycenter.microsoft.com',
		required: true,
		placeholder: 'e.g. https://api.securitycenter.microsoft.com',
		displayOptions: forCustomCloud,
		description:
			'The identifier of the API that tokens are issued for. It need not match the API URL.',
	},
	{
		displayName: 'Download Hosts',
		name: 'downloadHosts',
		type: 'string',
		default: '.blob.core.windows.net',
		required: true,
		placeholder: 'e.g. .blob.core.windows.net, 127.0.0.1:10000',
		displayOptions: forCustomCloud,
		description: 'The only hosts that result files may be downloaded from, separated by commas',
		hint: 'A host, host:port, or a suffix that starts with a dot',
	},
	{
		displayName: 'Azure Storage',
		name: 'azureStorage',
		type: 'boolean',
		default: true,
		displayOptions: forCustomCloud,
		description:
			'Whether the download hosts are Azure Storage, whose answers have headers of their own. Turn it off only for another kind of store: the sign-in page of a proxy could then be taken for a result file.',
	},
];
