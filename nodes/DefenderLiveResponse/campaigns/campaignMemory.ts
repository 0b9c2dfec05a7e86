/** What this process knows of a campaign beyond Defender's lists, which lag behind by minutes. */
import type { MachineAction } from '../domain/machineAction';
import { Recent } from '../runs/recent';
import type { Connection } from '../transport/connection';
import { claimedUntil } from './startClaims';

type Known =
	| { kind: 'started'; action: MachineAction; at: number }
	/** By this process with a lost answer, or by another one. */
	| { kind: 'unsure'; listed: number; until: number }
	/** A session opened in the portal, say, which no list shows. */
	| { kind: 'busy'; until: number }
	| { kind: 'rejected'; reason: string; until: number };

/** Asking again costs one of ten starts a minute, which goes to other devices meanwhile. */
const BUSY_MS = 10 * 60_000;
/** An agent is updated, live response is switched on: then the device is asked once more. */
const REJECTED_MS = 6 * 3_600_000;
/** By far longer than any list lags behind. */
const UNLISTED_MS = 24 * 3_600_000;

/** Times in milliseconds since 1970, by the system's clock; devices by their ids. */
export class CampaignMemory {
	/** One at a time starts something. */
	isAdvancing = false;
	/** Since when it has been seen that nothing of the campaign is older than its start. */
	private checkedStart: number | undefined;
	private readonly known = new Map<string, Known>();
	private readonly claimed = new Map<string, { listed: number; until: number }>();

	hasChecked(startsAt: number): boolean {
		return this.checkedStart === startsAt;
	}

	checked(startsAt: number): void {
		this.checkedStart = startsAt;
	}

	started(machineId: string, action: MachineAction, now: number): void {
		this.known.set(machineId, { kind: 'started', action, at: now });
	}

	/** @param listed how many of the campaign's actions on the device were listed */
	unsure(machineId: string, listed: number, now: number): void {
		this.known.set(machineId, { kind: 'unsure', listed, until: claimedUntil(now) });
	}

	busy(machineId: string, now: number): void {
		this.known.set(machineId, { kind: 'busy', until: now + BUSY_MS });
	}

	rejected(machineId: string, reason: string, now: number): void {
		this.known.set(machineId, { kind: 'rejected', reason, until: now + REJECTED_MS });
	}

	isBusy(machineId: string, now: number): boolean {
		const known = this.known.get(machineId);
		return known?.kind === 'busy' && now < known.until;
	}

	/** Nothing was started there after all. */
	forget(machineId: string): void {
		this.known.delete(machineId);
	}

	claim(machineId: string, listed: number, now: number): void {
		for (const [known, { until }] of this.claimed) if (now >= until) this.claimed.delete(known);
		this.claimed.set(machineId, { listed, until: claimedUntil(now) });
	}

	/** Whether this process may start that attempt without asking again. */
	hasClaimed(machineId: string, listed: number, now: number): boolean {
		const claim = this.claimed.get(machineId);
		return claim !== undefined && claim.listed === listed && now < claim.until;
	}

	/**
	 * What to add to the newest list. What that has shown, and what is too long ago, is forgotten.
	 * @param listed the campaign's actions on the device in it
	 */
	of(machineId: string, listed: readonly MachineAction[], now: number) {
		const known = this.known.get(machineId);
		const nothing = { unlisted: null, isNoted: false, rejection: null };
		switch (known?.kind) {
			case undefined:
				return nothing;
			case 'started': {
				const isOver =
					listed.some(({ id }) => id === known.action.id) || now >= known.at + UNLISTED_MS;
				if (!isOver) return { ...nothing, unlisted: known.action };
				break;
			}
			case 'unsure': {
				const isFound = listed.length > known.listed;
				if (!isFound && now < known.until) return { ...nothing, isNoted: true };
				break;
			}
			case 'busy':
				if (now < known.until) return nothing;
				break;
			case 'rejected':
				if (now < known.until) return { ...nothing, rejection: known.reason };
				break;
		}
		this.known.delete(machineId);
		return nothing;
	}
}

const memories = new Recent<CampaignMemory>(500);

/** Shared by all that advance or look at the campaign in this process. */
export function memoryOf(
	{ app, endpoints }: Connection,
	{ campaign }: { campaign: string },
): CampaignMemory {
	const name = JSON.stringify([endpoints.loginUrl, app.tenantId.toLowerCase(), campaign]);
	const memory = memories.get(name) ?? new CampaignMemory();
	memories.set(name, memory);
	return memory;
}
