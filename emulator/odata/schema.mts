import { deviceActions } from '../tenant/deviceActions.mts';

/** How a field compares. `enum` values are written as strings. */
export type FieldType =
	| { kind: 'string' }
	| { kind: 'guid' }
	| { kind: 'date' }
	| { kind: 'number' }
	| { kind: 'boolean' }
	| { kind: 'enum'; values: readonly string[] }
	| { kind: 'strings' };

/** The fields of an entity that `$filter` and `$orderby` accept. */
export type Schema = Readonly<Record<string, FieldType>>;

/** https://learn.microsoft.com/defender-endpoint/api/get-machineactions-collection */
export const machineActionSchema: Schema = {
	id: { kind: 'guid' },
	status: {
		kind: 'enum',
		values: ['Pending', 'Cancelled', 'TimeOut', 'Failed', 'InProgress', 'Succeeded'],
	},
	machineId: { kind: 'string' },
	type: {
		kind: 'enum',
		values: [
			...deviceActions.map((action) => action.type),
			'Unknown',
			'RequestSample',
			'Block',
			'Offboard',
			'RegenerateId',
			'LiveResponse',
			'Troubleshoot',
			'LogsCollection',
			'TokenRefresh',
			'EndpointConfigManagementCheckin',
			'EnableActiveDirectoryUser',
			'DisableActiveDirectoryUser',
			'ResetPasswordActiveDirectoryUser',
			'ImmuneActiveDirectoryCustomPlaybook',
		],
	},
	requestor: { kind: 'string' },
	creationDateTimeUtc: { kind: 'date' },
};

/** https://learn.microsoft.com/defender-endpoint/api/get-machines */
export const machineSchema: Schema = {
	computerDnsName: { kind: 'string' },
	id: { kind: 'string' },
	version: { kind: 'string' },
	deviceValue: { kind: 'enum', values: ['Normal', 'Low', 'High'] },
	aadDeviceId: { kind: 'guid' },
	machineTags: { kind: 'strings' },
	lastSeen: { kind: 'date' },
	exposureLevel: { kind: 'enum', values: ['None', 'Low', 'Medium', 'High'] },
	onboardingStatus: {
		kind: 'enum',
		values: ['InsufficientInfo', 'Onboarded', 'CanBeOnboarded', 'Unsupported'],
	},
	lastIpAddress: { kind: 'string' },
	healthStatus: {
		kind: 'enum',
		values: [
			'Active',
			'Inactive',
			'ImpairedCommunication',
			'NoSensorData',
			'NoSensorDataImpairedCommunication',
			'Unknown',
		],
	},
	osPlatform: { kind: 'string' },
	riskScore: { kind: 'enum', values: ['None', 'Informational', 'Low', 'Medium', 'High'] },
	rbacGroupId: { kind: 'number' },
};
