/** What the user reads about the choice among devices with one name. */
import type { INode, NodeApiError } from 'n8n-workflow';

import type { Machine, MachineChoice, MachineReference } from '../domain/machine';
import { apiError } from '../inputs/nodeErrors';
import { shownWords } from '../transport/shownWords';

export type LookedUp = Extract<MachineReference, { kind: 'name' | 'entraDeviceId' }>;

export const MOST_NAMED = 5;

export function notOneError(
	node: INode,
	reference: LookedUp,
	choice: Exclude<MachineChoice, { kind: 'one' }>,
): NodeApiError {
	const byName = reference.kind === 'name';
	switch (choice.kind) {
		case 'none':
			return apiError(node, '404', 'deviceNotFound', {
				message: byName
					? 'No device has this DNS name'
					: 'No device has this ID as its Entra device ID',
				description: byName
					? "The whole name is compared: enter it as the Defender portal shows it, with its domain. 'Get Many' of the resource 'Device' finds devices by the beginning of a name."
					: "Check the ID, and that the credential belongs to the device's tenant.",
			});
		case 'several':
			return apiError(node, null, 'deviceAmbiguous', {
				message: `Several devices have this ${byName ? 'DNS name' : 'Entra device ID'}`,
				description: `It is not clear which one is meant. Set 'Device' to 'By ID' and enter one of these: ${choice.machines
					.slice(0, MOST_NAMED)
					.map(described)
					.join('; ')}.`,
			});
	}
}

/** "1e5b… (Windows11, tags VIP, Onboarded, Active, seen 2026-03-01T10:00:00Z)" */
function described(machine: Machine): string {
	const tags = machine.machineTags ?? [];
	const facts = [
		machine.osPlatform ?? 'unknown platform',
		tags.length > 0 ? `tags ${tags.join(', ')}` : 'no tags',
		machine.onboardingStatus ?? 'onboarding not known',
		machine.healthStatus,
		machine.lastSeen === null ? 'never seen' : `seen ${machine.lastSeen}`,
	];
	return `${machine.id} (${shownWords(facts.join(', '))})`;
}

export function reimagedHint({ machine, older }: Extract<MachineChoice, { kind: 'one' }>): string {
	return `Several entries have the name ${shownWords(machine.computerDnsName ?? '')}. The one that was first seen after all others was used, as after a reimage: ${machine.id}. Older: ${older
		.slice(0, MOST_NAMED)
		.map(({ id, lastSeen }) => `${id} (seen ${lastSeen})`)
		.join('; ')}`;
}
