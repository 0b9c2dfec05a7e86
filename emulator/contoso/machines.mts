import { createHash } from 'node:crypto';
import type { EmulatedClock } from '../clock.mts';
import { toApiTime } from '../clock.mts';
import { reportAge } from '../tenant/fullReport.mts';
import type { MachineOptions, Machines } from '../tenant/machines.mts';

/** The id of a Contoso device, the same on every start. */
export function contosoMachineId(computerDnsName: string): string {
	return createHash('sha1').update(computerDnsName).digest('hex');
}

const hostsFile = '127.0.0.1 localhost\r\n203.0.113.66 updates.contoso.example\r\n';

const windowsFiles = {
	'C:\\Windows\\System32\\drivers\\etc\\hosts': hostsFile,
	'C:\\Users\\Public\\Documents\\notes.txt': 'Grüße aus Zürich\r\n',
	'C:\\Temp\\empty.log': '',
	'C:\\Temp\\logs.gz': Buffer.from('1f8b08000000000000030300000000000000000000', 'hex'),
};

const linuxFiles = {
	'/etc/hosts': hostsFile.replaceAll('\r', ''),
	'/var/log/auth.log':
		'Jan 12 03:14:07 srv-web-01 sshd[4242]: Failed password for root from 203.0.113.66 port 52144 ssh2\n',
};

type Contoso = MachineOptions & { computerDnsName: string };

const machines: Contoso[] = [
	{
		computerDnsName: 'pc-fin-014.contoso.example',
		machineTags: ['Finance', 'VIP'],
		lastIpAddress: '10.20.1.14',
		riskScore: 'High',
		exposureLevel: 'Medium',
		deviceValue: 'High',
		files: windowsFiles,
	},
	{
		computerDnsName: 'pc-fin-0140.contoso.example',
		machineTags: ['Finance'],
		lastIpAddress: '10.20.1.140',
		files: windowsFiles,
	},
	{
		computerDnsName: 'pc-fin-015.contoso.example',
		machineTags: ['Finance-Travel'],
		lastIpAddress: '10.20.1.15',
		healthStatus: 'Inactive',
		online: false,
	},
	{
		computerDnsName: 'srv-dc-01.contoso.example',
		osPlatform: 'WindowsServer2022',
		version: '21H2',
		machineTags: ['Tier0'],
		lastIpAddress: '10.20.0.10',
		rbacGroupId: 2,
		rbacGroupName: 'Servers',
		files: windowsFiles,
	},
	{
		computerDnsName: 'srv-web-01.contoso.example',
		osPlatform: 'Linux',
		machineTags: ['Web'],
		lastIpAddress: '10.20.0.21',
		rbacGroupId: 2,
		rbacGroupName: 'Servers',
		files: linuxFiles,
	},
	{
		computerDnsName: 'srv-web-02.contoso.example',
		osPlatform: 'Linux',
		machineTags: ['Web'],
		lastIpAddress: '10.20.0.22',
		rbacGroupId: 2,
		rbacGroupName: 'Servers',
		online: false,
	},
	{
		computerDnsName: 'mac-des-03.contoso.example',
		osPlatform: 'macOS',
		machineTags: ['Design'],
		lastIpAddress: '10.20.2.3',
		files: linuxFiles,
	},
	{
		computerDnsName: 'pc-old-07.contoso.example',
		osPlatform: 'Windows7',
		version: '6.1',
		machineTags: ['Legacy'],
		lastIpAddress: '10.20.9.7',
		platformSupported: false,
	},
	{
		computerDnsName: 'pc-agent-old.contoso.example',
		osPlatform: 'Windows10',
		version: '1709',
		agentVersion: '10.3720.16299.98',
		machineTags: ['Legacy'],
		lastIpAddress: '10.20.9.8',
		agentSupported: false,
	},
	{
		computerDnsName: 'pc-lab-07.contoso.example',
		machineTags: ['Lab'],
		lastIpAddress: '10.20.7.7',
		rbacGroupId: 3,
		rbacGroupName: 'Lab',
		automationLevel: false,
	},
	{
		computerDnsName: 'srv-legacy-02.contoso.example',
		osPlatform: 'WindowsServer2019',
		version: '1809',
		machineTags: ['Tier1'],
		lastIpAddress: '10.20.0.32',
		rbacGroupId: 2,
		rbacGroupName: 'Servers',
		liveResponseEnabled: false,
	},
	{
		computerDnsName: 'pc-hr-02.contoso.example',
		machineTags: ['HR'],
		lastIpAddress: '10.20.3.2',
		portalSession: true,
	},
];

/** Contoso's devices: similar names and tags, every platform, and one of each kind that refuses live response. */
export function addContosoMachines(target: Machines, clock: EmulatedClock): void {
	for (const [index, machine] of machines.entries()) {
		const age = machine.online === false ? 3 * 86_400_000 : reportAge(index);
		target.add({
			id: contosoMachineId(machine.computerDnsName),
			lastSeen: toApiTime(clock.now() - age),
			...machine,
		});
	}
}
