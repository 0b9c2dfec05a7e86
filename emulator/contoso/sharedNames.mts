import { toApiTime, type EmulatedClock } from '../clock.mts';
import type { MachineOptions, Machines } from '../tenant/machines.mts';
import { contosoMachineId } from './machines.mts';

/** Ids of the further entries, the same on every start. */
export const contosoTwins = {
	/** Guest of pc-fin-014; takes no actions. */
	wslGuest: contosoMachineId('wsl.pc-fin-014.contoso.example'),
	/** Guest of pc-fin-0140, whose tag has the host's before it. */
	taggedWslGuest: contosoMachineId('wsl.pc-fin-0140.contoso.example'),
	/** pc-fin-014 as its neighbours saw it in the network. */
	discovered: contosoMachineId('discovered.pc-fin-014.contoso.example'),
	/** Of srv-dc-01. */
	potentialDuplicate: contosoMachineId('duplicate.srv-dc-01.contoso.example'),
	/** Of srv-web-01. */
	excluded: contosoMachineId('excluded.srv-web-01.contoso.example'),
	/** Of srv-legacy-02, merged into it. */
	merged: contosoMachineId('merged.srv-legacy-02.contoso.example'),
	/** pc-new-21 before it was reimaged, and since then. */
	beforeReimaging: contosoMachineId('before.pc-new-21.contoso.example'),
	reimaged: contosoMachineId('pc-new-21.contoso.example'),
	/** pc-gone-05: lists show it, every other call answers 404. */
	listedOnly: contosoMachineId('pc-gone-05.contoso.example'),
} as const;

interface Twin extends MachineOptions {
	id: string;
	computerDnsName: string;
	/** Default: reported half a day ago, known for long. */
	daysSinceFirstSeen?: number;
	daysSinceLastSeen?: number;
}

const twins: Twin[] = [
	{
		id: contosoTwins.wslGuest,
		computerDnsName: 'pc-fin-014.contoso.example',
		osPlatform: 'Linux',
		machineTags: ['WSL2'],
		lastIpAddress: '172.28.14.2',
		platformSupported: false,
	},
	{
		id: contosoTwins.taggedWslGuest,
		computerDnsName: 'pc-fin-0140.contoso.example',
		osPlatform: 'Linux',
		machineTags: ['Finance_WSL2'],
		lastIpAddress: '172.28.140.2',
		platformSupported: false,
	},
	{
		id: contosoTwins.discovered,
		computerDnsName: 'pc-fin-014.contoso.example',
		onboardingStatus: 'CanBeOnboarded',
		agentVersion: '',
		lastIpAddress: '10.20.1.114',
		online: false,
	},
	{
		id: contosoTwins.potentialDuplicate,
		computerDnsName: 'srv-dc-01.contoso.example',
		osPlatform: 'WindowsServer2022',
		isPotentialDuplication: true,
		healthStatus: 'Inactive',
		lastIpAddress: '10.20.0.110',
		daysSinceLastSeen: 20,
		online: false,
	},
	{
		id: contosoTwins.excluded,
		computerDnsName: 'srv-web-01.contoso.example',
		osPlatform: 'Linux',
		isExcluded: true,
		exclusionReason: 'DuplicateDevice',
		lastIpAddress: '10.20.0.121',
		daysSinceLastSeen: 2,
		online: false,
	},
	{
		id: contosoTwins.merged,
		computerDnsName: 'srv-legacy-02.contoso.example',
		osPlatform: 'WindowsServer2019',
		version: '1809',
		mergedIntoMachineId: contosoMachineId('srv-legacy-02.contoso.example'),
		healthStatus: 'Inactive',
		lastIpAddress: '10.20.0.132',
		daysSinceLastSeen: 12,
		online: false,
	},
	{
		id: contosoTwins.beforeReimaging,
		computerDnsName: 'pc-new-21.contoso.example',
		machineTags: ['Reimaged'],
		lastIpAddress: '10.20.4.21',
		daysSinceLastSeen: 4,
		online: false,
	},
	{
		id: contosoTwins.reimaged,
		computerDnsName: 'pc-new-21.contoso.example',
		machineTags: ['Reimaged'],
		lastIpAddress: '10.20.4.21',
		daysSinceFirstSeen: 3,
	},
	{
		id: contosoTwins.listedOnly,
		computerDnsName: 'pc-gone-05.contoso.example',
		lastIpAddress: '10.20.5.5',
		listedOnly: true,
	},
];

/** Contoso's entries that share a name with another, or are no longer what lists show. */
export function addContosoTwins(target: Machines, clock: EmulatedClock): void {
	const daysAgo = (days: number) => toApiTime(clock.now() - days * 86_400_000);
	for (const { daysSinceFirstSeen = 200, daysSinceLastSeen = 0.5, ...twin } of twins) {
		target.add({
			...twin,
			firstSeen: daysAgo(daysSinceFirstSeen),
			lastSeen: daysAgo(daysSinceLastSeen),
		});
	}
}
