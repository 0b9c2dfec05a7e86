/**
 * Who starts an attempt, while Defender does not list it yet: noted in n8n's database, so that of two
 * processes that advance a campaign one does.
 *
 * n8n's store can only be asked by writing to it. So an attempt is asked for in the five minutes
 * before, and noted in the present ones only by who may start it: asking does not prolong anything,
 * and a note is in the way for five minutes at least and ten at most. Lists lag behind by two.
 */
import type { IExecuteFunctions } from 'n8n-workflow';

import { digest } from '../runs/digest';
import { bucketAt, BUCKET_MS, record } from '../runs/processedData';

/** One attempt: the campaign in its tenant, the device, and how many attempts are listed on it. */
export interface Claim {
	tenantId: string;
	campaign: string;
	machineId: string;
	listed: number;
}

/** Until when what is noted now may be in the way; milliseconds since 1970. */
export const claimedUntil = (now: number): number => (bucketAt(now) + 2) * BUCKET_MS;

/** Of each claim whether it is this process's to start; null where n8n keeps no such notes. */
export async function claimStarts(
	functions: IExecuteFunctions,
	claims: readonly Claim[],
	now: number,
): Promise<boolean[] | null> {
	if (claims.length === 0) return [];
	const bucket = bucketAt(now);
	const asked = claims.map((claim) => idOf(claim, bucket - 1));
	const found = await record(functions, asked);
	if (found === null) return null;
	const isFree = asked.map((id) => !found.has(id));
	const free = claims.filter((_claim, at) => isFree[at]);
	if (free.length > 0) {
		await record(
			functions,
			free.map((claim) => idOf(claim, bucket)),
		);
	}
	return isFree;
}

const idOf = ({ tenantId, campaign, machineId, listed }: Claim, bucket: number) =>
	`${digest([tenantId.toLowerCase(), campaign, machineId, listed])} ${bucket}`;
