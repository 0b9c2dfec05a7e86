/** What a process knows of an attempt until Defender lists it. */
import { CampaignMemory } from '../../../nodes/DefenderLiveResponse/campaigns/campaignMemory';
import { machineActionOf } from '../../../nodes/DefenderLiveResponse/domain/sentAction';

const DEVICE = 'a'.repeat(40);
const MINUTE_MS = 60_000;
const action = (last: number) =>
	machineActionOf({
		id: `00000000-0000-0000-0000-00000000000${last}`,
		status: 'Pending',
		machineId: DEVICE,
	})!;

let memory: CampaignMemory;
beforeEach(() => {
	memory = new CampaignMemory();
});

it('a started attempt is known until it is listed, however late that is', () => {
	memory.started(DEVICE, action(1), 0);
	expect(memory.of(DEVICE, [], 60 * MINUTE_MS).unlisted).toEqual(action(1));
	expect(memory.of(DEVICE, [action(1)], 61 * MINUTE_MS).unlisted).toBeNull();
	expect(memory.of(DEVICE, [], 62 * MINUTE_MS).unlisted).toBeNull();
});

it('one that may have been started counts until another one is listed, or the lag is over', () => {
	memory.unsure(DEVICE, 1, 0);
	expect(memory.of(DEVICE, [action(1)], 4 * MINUTE_MS).isNoted).toBe(true);
	expect(memory.of(DEVICE, [action(2), action(1)], 4 * MINUTE_MS).isNoted).toBe(false);
	memory.unsure(DEVICE, 1, 0);
	expect(memory.of(DEVICE, [action(1)], 10 * MINUTE_MS).isNoted).toBe(false);
});

it('a claim is for one attempt, and for as long as others see it', () => {
	memory.claim(DEVICE, 1, 0);
	expect(memory.hasClaimed(DEVICE, 1, 9 * MINUTE_MS)).toBe(true);
	expect(memory.hasClaimed(DEVICE, 2, 9 * MINUTE_MS)).toBe(false);
	expect(memory.hasClaimed(DEVICE, 1, 10 * MINUTE_MS)).toBe(false);
});

it('a busy device is left alone for ten minutes, one that takes none for hours', () => {
	memory.busy(DEVICE, 0);
	expect(memory.isBusy(DEVICE, 9 * MINUTE_MS)).toBe(true);
	expect(memory.isBusy(DEVICE, 10 * MINUTE_MS)).toBe(false);
	memory.rejected(DEVICE, 'Too old', 0);
	expect(memory.of(DEVICE, [], 5 * 60 * MINUTE_MS).rejection).toBe('Too old');
	expect(memory.of(DEVICE, [], 6 * 60 * MINUTE_MS).rejection).toBeNull();
});
