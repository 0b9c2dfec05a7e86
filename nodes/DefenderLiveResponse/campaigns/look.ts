/** One look at a campaign: a list of machine actions, a list of devices, and what they mean together. */
import { listCreatedSince } from '../api/machineActionLists';
import { CLOCK_DIFFERENCE_MS, LONGEST_LIFE_MS } from '../domain/actionTimes';
import { contradictionIn, LONGEST_MEMORY_MS, type CampaignTerms } from '../domain/campaign';
import { standingOf, type CampaignDevice } from '../domain/campaignDevice';
import { unfinishedByDevice, type Standing } from '../domain/campaignPlan';
import type { MachineAction } from '../domain/machineAction';
import { isOfCampaign } from '../domain/marker';
import { nodeError } from '../inputs/nodeErrors';
import { fingerprintOf } from '../runs/runMarker';
import type { Connection } from '../transport/connection';
import type { ItemContext } from '../transport/itemContext';
import { devicesOf, type AskedDevice } from './campaignDevices';
import type { CampaignInputs } from './campaignInputs';
import { memoryOf, type CampaignMemory } from './campaignMemory';
import type { Question } from './startAttempt';

export interface Look {
	terms: CampaignTerms;
	memory: CampaignMemory;
	devices: AskedDevice[];
	/** The input item of each of them, by its id. */
	itemOf: ReadonlyMap<string, number>;
	/** The campaign's actions, newest first. */
	attempts: MachineAction[];
	/** Ids of all unfinished live responses, by the device (its id in lower case). */
	unfinished: ReadonlyMap<string, readonly string[]>;
}

/**
 * @param questionFor the question of an item; null where nothing is asked
 * @throws NodeOperationError when the key is that of an older campaign, or of other commands
 */
export async function lookAt(
	context: ItemContext,
	connection: Connection,
	{ terms, source }: Pick<CampaignInputs, 'terms' | 'source'>,
	questionFor: ((itemIndex: number) => Question) | null,
): Promise<Look> {
	const found = await attemptsOf(context, connection, terms);
	const devices = await devicesOf(context, connection, source);
	if (questionFor) assertOneQuestion(context, devices, questionFor);
	const itemOf = new Map(devices.map(({ machine, itemIndex }) => [machine.id, itemIndex]));
	assertSameCampaign(context, found.attempts, terms, (machineId) => {
		// What filters ask is asked of every device, also of one that fits them no more.
		const itemIndex =
			itemOf.get(machineId) ?? (source.kind === 'filters' ? context.itemIndex : undefined);
		if (questionFor === null || itemIndex === undefined) return null;
		return fingerprintOf(machineId, questionFor(itemIndex).commands);
	});
	return { terms, devices, itemOf, memory: memoryOf(connection, terms), ...found };
}

export interface Attempts {
	attempts: MachineAction[];
	unfinished: ReadonlyMap<string, readonly string[]>;
}

/** @throws NodeOperationError when there are some from before the campaign's start */
export async function attemptsOf(
	context: ItemContext,
	connection: Connection,
	terms: CampaignTerms,
): Promise<Attempts> {
	const memory = memoryOf(connection, terms);
	const now = connection.clock.wallTime();
	// What is older than the start is looked for once: nothing is created in the past.
	const since = memory.hasChecked(terms.startsAt)
		? Math.min(terms.startsAt - CLOCK_DIFFERENCE_MS, now - LONGEST_LIFE_MS)
		: now - LONGEST_MEMORY_MS - CLOCK_DIFFERENCE_MS;
	const actions = await listCreatedSince(connection, { types: ['LiveResponse'], since });
	const attempts = actions.filter(({ requestorComment }) =>
		isOfCampaign(requestorComment, terms.campaign),
	);
	assertSameCampaign(context, attempts, terms, () => null);
	memory.checked(terms.startsAt);
	return { attempts, unfinished: unfinishedByDevice(actions) };
}

/** How every device is doing: those asked about, and those that were asked and are in no list any more. */
export function standingsOf(look: Look, now: number): Standing[] {
	const { terms, memory, devices } = look;
	const byDevice = new Map<string, MachineAction[]>();
	for (const action of look.attempts) {
		const machineId = action.machineId?.toLowerCase() ?? '';
		const known = byDevice.get(machineId);
		if (known) known.push(action);
		else byDevice.set(machineId, [action]);
	}
	const stand = (
		device: Pick<CampaignDevice, 'machineId' | 'computerDnsName' | 'lastSeen'>,
	): Standing => {
		const listed = byDevice.get(device.machineId.toLowerCase()) ?? [];
		const { unlisted, isNoted, rejection } = memory.of(device.machineId, listed, now);
		const actions = unlisted ? [unlisted, ...listed] : listed;
		const whole = { ...device, actions, isNoted, rejection };
		return { device: whole, ...standingOf(whole, terms, now) };
	};
	const standings = devices.map(({ machine: { id, computerDnsName, lastSeen } }) =>
		stand({ machineId: id, computerDnsName, lastSeen }),
	);
	const asked = new Set(devices.map(({ machine }) => machine.id.toLowerCase()));
	for (const [machineId, [action]] of byDevice) {
		if (machineId === '' || asked.has(machineId)) continue;
		const { computerDnsName } = action;
		const standing = stand({ machineId, computerDnsName, lastSeen: null });
		if (['done', 'failed', 'running', 'pending'].includes(standing.state)) standings.push(standing);
	}
	return standings;
}

function assertOneQuestion(
	context: ItemContext,
	devices: readonly AskedDevice[],
	questionFor: (itemIndex: number) => Question,
): void {
	for (const { machine, itemIndex, alsoItems } of devices) {
		if (alsoItems.length === 0) continue;
		const asked = fingerprintOf(machine.id, questionFor(itemIndex).commands);
		const other = alsoItems.find(
			(at) => fingerprintOf(machine.id, questionFor(at).commands) !== asked,
		);
		if (other === undefined) continue;
		throw nodeError(context.functions.getNode(), 'invalidInput', {
			message: 'Two items of a campaign ask different questions of one device',
			itemIndex: other,
			description: `Items ${itemIndex} and ${other} name the device ${machine.id}. A device is asked once under a key: use another key for the other arguments.`,
		});
	}
}

function assertSameCampaign(
	context: ItemContext,
	attempts: readonly MachineAction[],
	terms: CampaignTerms,
	fingerprintOf: (machineId: string) => string | null,
): void {
	const { itemIndex } = context;
	const found = contradictionIn(attempts, terms, fingerprintOf);
	switch (found.kind) {
		case 'none':
			return;
		case 'older':
			throw nodeError(
				context.functions.getNode(),
				'keyReused',
				{
					message: "This campaign began before its 'Starts At'",
					itemIndex,
					description: `Machine action ${found.action.id} of this key is from ${found.action.creationDateTimeUtc}. Set 'Starts At' back to the time it had, as a fixed time and not as an expression that moves with the clock; for a new campaign, use another key. Nothing was started, so that nothing runs twice.`,
				},
				{ machineActionId: found.action.id },
			);
		case 'otherCommands':
			throw nodeError(
				context.functions.getNode(),
				'keyReused',
				{
					message: 'This campaign key belongs to another script or other arguments',
					itemIndex,
					description: `Machine action ${found.action.id} of this key was started with them. A changed question is another campaign: give it another key, or set script and arguments back. Nothing was started.`,
				},
				{ machineActionId: found.action.id },
			);
	}
}
