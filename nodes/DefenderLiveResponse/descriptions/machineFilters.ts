/** The filters of Get Many devices. */
import type { INodeProperties } from 'n8n-workflow';

import { valuesFilter } from './filters';

export const HEALTH_STATUSES = [
	'Active',
	'ImpairedCommunication',
	'Inactive',
	'NoSensorData',
	'NoSensorDataImpairedCommunication',
	'Unknown',
] as const;

export const RISK_SCORES = ['High', 'Informational', 'Low', 'Medium', 'None'] as const;

export const EXPOSURE_LEVELS = ['High', 'Low', 'Medium', 'None'] as const;

export const DEVICE_VALUES = ['High', 'Low', 'Normal'] as const;

export const ONBOARDING_STATUSES = [
	'CanBeOnboarded',
	'InsufficientInfo',
	'Onboarded',
	'Unsupported',
] as const;

export const machineFilters: INodeProperties[] = [
	{
		displayName: 'Device ID',
		name: 'machineId',
		type: 'string',
		default: '',
		placeholder: 'e.g. 1e5bc9d7e413ddd7902c2932e418702b84d0cc07',
		description: 'The ID that Defender gave the device',
	},
	{
		displayName: 'DNS Name',
		name: 'computerDnsName',
		type: 'string',
		default: '',
		placeholder: 'e.g. desktop-1.contoso.com',
		description: 'The full name, with its domain',
	},
	{
		displayName: 'DNS Name Starts With',
		name: 'computerDnsNameStartsWith',
		type: 'string',
		default: '',
		placeholder: 'e.g. desktop-',
		description: 'The beginning of the name',
	},
	{
		displayName: 'Device Group ID',
		name: 'rbacGroupId',
		type: 'string',
		default: '',
		placeholder: 'e.g. 140',
		description: 'The number of the device group, shown as rbacGroupId in a device',
	},
	valuesFilter(
		{
			displayName: 'Device Value',
			name: 'deviceValue',
			description: 'How important the device is, as set in the portal',
		},
		DEVICE_VALUES,
	),
	valuesFilter(
		{
			displayName: 'Exposure Level',
			name: 'exposureLevel',
			description: 'How Defender rates the exposure of the device',
		},
		EXPOSURE_LEVELS,
	),
	valuesFilter(
		{
			displayName: 'Health Status',
			name: 'healthStatus',
			description: 'A device is inactive after seven days without a signal',
		},
		HEALTH_STATUSES,
	),
	{
		displayName: 'IP Address',
		name: 'ipAddress',
		type: 'string',
		default: '',
		placeholder: 'e.g. 10.248.240.38',
		description:
			"Only devices that had this address within 15 minutes of 'IP Address at Time', or of now if that is not set",
	},
	{
		displayName: 'IP Address at Time',
		name: 'ipAddressTime',
		type: 'dateTime',
		default: '',
		description: "When the address in 'IP Address' was in use, at most 30 days ago",
	},
	{
		displayName: 'Last IP Address',
		name: 'lastIpAddress',
		type: 'string',
		default: '',
		placeholder: 'e.g. 10.248.240.38',
		description: 'The last address that the device had, however long ago',
	},
	{
		displayName: 'Last Seen After',
		name: 'lastSeenAfter',
		type: 'dateTime',
		default: '',
		description: 'Only devices that reported at this time or later',
	},
	{
		displayName: 'Last Seen Before',
		name: 'lastSeenBefore',
		type: 'dateTime',
		default: '',
		description: 'Only devices that last reported at this time or earlier',
	},
	valuesFilter(
		{
			displayName: 'Onboarding Status',
			name: 'onboardingStatus',
			description: 'Only onboarded devices take live responses',
		},
		ONBOARDING_STATUSES,
	),
	{
		displayName: 'OS Platform',
		name: 'osPlatform',
		type: 'string',
		default: '',
		placeholder: 'e.g. Windows11',
		description: 'As Defender writes it, such as Windows10, Windows11, WindowsServer2022 or macOS',
	},
	valuesFilter(
		{
			displayName: 'Risk Score',
			name: 'riskScore',
			description: 'How Defender rates the risk of the device',
		},
		RISK_SCORES,
	),
	{
		displayName: 'Tag',
		name: 'tag',
		type: 'string',
		default: '',
		placeholder: 'e.g. Finance',
		description: 'The whole tag, which is case-sensitive',
	},
	{
		displayName: 'Tag Starts With',
		name: 'tagStartsWith',
		type: 'string',
		default: '',
		placeholder: 'e.g. Fin',
		description: 'The beginning of a tag, which is case-sensitive',
	},
];
