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
import { bucketAt, BUCKET_MS, claim } from '../runs/processedData';
import type { Connection } from '../transport/connection';

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
	connection: Pick<Connection, 'clock' | 'signal'>,
	claims: readonly Claim[],
	now: number,
): Promise<boolean[] | null> {
	const bucket = bucketAt(now);
	const claimedIn = async (attempt: Claim, time: number) =>
		await claim(functions, [idOf(attempt, time)], connection);
	const answers = await Promise.all(
		claims.map(async (attempt) => {
			const isFree = await claimedIn(attempt, bucket - 1);
			// Who asks a moment later may be in the next five minutes.
			return isFree ? await claimedIn(attempt, bucket) : isFree;
		}),
	);
	return answers.includes(null) ? null : answers.map((isFree) => isFree === true);
}

const idOf = ({ tenantId, campaign, machineId, listed }: Claim, bucket: number) =>
	`${digest([tenantId.toLowerCase(), campaign, machineId, listed])} ${bucket}`;
