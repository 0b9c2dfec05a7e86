import { toApiTime, type EmulatedClock } from '../clock.mts';
import type { Identifiers } from '../identifiers.mts';
import { bringReportUpToDate, reportAge } from './fullReport.mts';
import { platformOf, type Device, type DeviceCondition, type MachineEntity } from './device.mts';

export type MachineOptions = Partial<MachineEntity> &
	Partial<DeviceCondition> & {
		/** Text or bytes by absolute path. */
		files?: Record<string, Buffer | string>;
	};

const conditionNames = [
	'online',
	'portalSession',
	'automationLevel',
	'platformSupported',
	'agentSupported',
	'liveResponseEnabled',
	'listedOnly',
] as const;

/** The devices of the tenant. */
export class Machines {
	private readonly clock: EmulatedClock;
	private readonly identifiers: Identifiers;
	private readonly beforeChange: () => void;
	private readonly devices = new Map<string, Device>();

	/** `beforeChange` brings running actions up to date before a device's condition changes. */
	constructor(clock: EmulatedClock, identifiers: Identifiers, beforeChange: () => void) {
		this.clock = clock;
		this.identifiers = identifiers;
		this.beforeChange = beforeChange;
	}

	/** Adds a device, online and fit for live response unless told otherwise. Returns its machine id. */
	add(options: MachineOptions = {}): string {
		const { files, ...rest } = options;
		const condition: Partial<DeviceCondition> = {};
		const entity: Record<string, unknown> = {};
		for (const [name, value] of Object.entries(rest)) {
			if (value === undefined) continue;
			const target = conditionNames.some((known) => known === name) ? condition : entity;
			Object.assign(target, { [name]: value });
		}
		const machine = { ...this.defaults(rest), ...entity } as MachineEntity;
		if (this.devices.has(machine.id)) throw new Error(`Machine ${machine.id} exists already.`);
		this.devices.set(machine.id, {
			online: true,
			portalSession: false,
			automationLevel: true,
			platformSupported: true,
			agentSupported: true,
			liveResponseEnabled: true,
			listedOnly: false,
			...condition,
			machine,
			platform: platformOf(machine.osPlatform),
			onlineSince: -Infinity,
			files: new Map(
				Object.entries(files ?? {}).map(([path, content]) => [path, Buffer.from(content)]),
			),
			received: new Set(),
			runs: new Map(),
			asked: { start: 0, read: 0 },
		});
		return machine.id;
	}

	/** By machine id only. */
	get(id: string): Device | undefined {
		const device = this.devices.get(id);
		if (device !== undefined) bringReportUpToDate(device, this.clock.now());
		return device;
	}

	/** By machine id or computer name, as `GET /machines/{id}` looks it up. */
	find(idOrName: string): Device | undefined {
		const wanted = idOrName.toLowerCase();
		return (
			this.get(wanted) ??
			this.all.find(({ machine }) => machine.computerDnsName?.toLowerCase() === wanted)
		);
	}

	get all(): Device[] {
		const devices = [...this.devices.values()];
		for (const device of devices) bringReportUpToDate(device, this.clock.now());
		return devices;
	}

	/** Changes a device's condition from now on, e.g. `{ online: true }`. */
	change(id: string, condition: Partial<DeviceCondition>): void {
		const device = this.devices.get(id);
		if (device === undefined) throw new Error(`Machine ${id} does not exist.`);
		this.beforeChange();
		bringReportUpToDate(device, this.clock.now());
		if (condition.online === true && !device.online) device.onlineSince = this.clock.now();
		Object.assign(device, condition);
	}

	/** How often a script really ran on a device. */
	runsOf(id: string, scriptName: string): number {
		this.beforeChange();
		return this.devices.get(id)?.runs.get(scriptName) ?? 0;
	}

	private defaults(given: Partial<MachineEntity>): MachineEntity {
		const now = this.clock.now();
		const osPlatform = given.osPlatform ?? 'Windows11';
		const platform = platformOf(osPlatform);
		const ipAddress = given.lastIpAddress ?? `10.1.0.${(this.devices.size % 250) + 1}`;
		return {
			id: this.identifiers.hex(40),
			mergedIntoMachineId: null,
			isPotentialDuplication: false,
			isExcluded: false,
			exclusionReason: null,
			computerDnsName: `device-${this.devices.size + 1}.contoso.example`,
			firstSeen: toApiTime(now - 200 * 86_400_000),
			lastSeen: toApiTime(now - reportAge(this.devices.size)),
			osPlatform,
			osVersion: null,
			osProcessor: 'x64',
			version: platform === 'windows' ? '23H2' : platform === 'macos' ? '14.5' : '22.4',
			lastIpAddress: ipAddress,
			lastExternalIpAddress: '203.0.113.10',
			agentVersion: platform === 'windows' ? '10.8760.26100.1742' : '101.24082.0004',
			osBuild: platform === 'windows' ? 22631 : null,
			healthStatus: 'Active',
			deviceValue: 'Normal',
			rbacGroupId: 1,
			rbacGroupName: 'Workstations',
			riskScore: 'Low',
			exposureLevel: 'Low',
			isAadJoined: platform === 'windows',
			aadDeviceId: platform === 'windows' ? this.identifiers.guid() : null,
			machineTags: [],
			defenderAvStatus: 'Updated',
			onboardingStatus: 'Onboarded',
			osArchitecture: '64-bit',
			managedBy: platform === 'windows' ? 'Intune' : 'MicrosoftDefenderForEndpoint',
			managedByStatus: 'Success',
			ipAddresses: [
				{
					ipAddress,
					macAddress: this.identifiers.hex(12).toUpperCase(),
					type: 'Ethernet',
					operationalStatus: 'Up',
				},
			],
			vmMetadata: null,
		};
	}
}
