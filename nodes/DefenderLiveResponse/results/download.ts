/**
 * Fetches a result file from the store behind a link. No token goes there, redirects stay within
 * the allowed hosts, and a file that breaks off is resumed or refused, never passed on as whole.
 */
import { MEGABYTE } from '../domain/fileSize';
import { watchdogClock } from '../limits/clock';
import type { Connection } from '../transport/connection';
import { waitBeforeRepeat } from '../transport/retryAfter';
import { brokenOffError, linkRefusedError, unreachableError } from './downloadErrors';
import { IdleWatch } from './idleWatch';
import type { NodeStream } from './nodeStream';
import type { ResultLink } from './resultLink';
import { requestFile, type StoreAnswer, type StoreResponse } from './resultStore';
import { endOf, headerLength, headerText, WholeFile } from './wholeFile';

export interface ResultFile {
	/** What the store calls the file; null when it says nothing. */
	contentDisposition: string | null;
	/** The length the store announced, in bytes. */
	contentLength: number | null;
	/** The first response, as a sample of the streams of this process. */
	sample: NodeStream;
	/** The bytes, once. Ends only when the file is complete; else throws a NodeApiError. */
	chunks: AsyncGenerator<Buffer>;
}

const MOST_REPEATS = 4;
/** A link lives for half an hour; a store that asks for longer is asked again after this. */
const LONGEST_WAIT_MS = 60_000;
/** A connection can die without a word. */
const LONGEST_IDLE_MS = 60_000;
/**
 * A download that got this much further may be repeated, and its link renewed, as often as at its
 * start: a file of 3 GB can take longer than its link lives, and meet more than one reset.
 */
const PROGRESS_BYTES = MEGABYTE;

/**
 * Opens the file behind the link. A link that has run out is asked for again with `requestLink`,
 * which runs nothing on the device. Whether it has is for the store to say: the clock of this machine may be wrong.
 */
export async function openResultFile(
	connection: Connection,
	firstLink: ResultLink,
	requestLink: () => Promise<ResultLink | null>,
): Promise<ResultFile> {
	const source = new LinkedFile(connection, firstLink, requestLink);
	const first = await source.open(0);
	return {
		contentDisposition: headerText(first.headers['content-disposition']),
		contentLength: headerLength(first.headers['content-length']),
		sample: first.body,
		chunks: source.read(first),
	};
}

class LinkedFile {
	private repeats = 0;
	private isRenewed = false;
	private progressAt = 0;

	constructor(
		private readonly connection: Connection,
		private link: ResultLink,
		private readonly requestLink: () => Promise<ResultLink | null>,
	) {}

	/** A response whose body starts at or before `offset`; throws when there is none to be had. */
	async open(offset: number): Promise<StoreResponse> {
		for (;;) {
			const answer = await requestFile(this.connection, this.link, offset);
			switch (answer.kind) {
				case 'file':
					return answer.response;
				case 'empty':
					// A result is never empty; a store that keeps saying so is believed all the same.
					if (!(await this.waitForRepeat())) return answer.response;
					answer.response.end();
					break;
				case 'linkRefused':
					if (this.isRenewed) throw linkRefusedError(this.connection, this.link, answer.status);
					await this.renew();
					break;
				case 'transient':
					if (await this.waitForRepeat(answer)) break;
					throw unreachableError(this.connection, this.link, answer);
				case 'refused':
					throw answer.error;
			}
		}
	}

	async *read(first: StoreResponse): AsyncGenerator<Buffer> {
		const file = new WholeFile(first);
		let response = first;
		let delivered = 0;
		let asksForRest = file.canBeResumed;
		for (;;) {
			const part = file.partOf(response, delivered);
			if (part === null) {
				response.end();
				throw brokenOffError(this.connection, delivered, file.total);
			}
			const before = delivered;
			let end: ReturnType<typeof endOf> | 'broken' = 'broken';
			for await (const next of bytesOf(response, before - part.start)) {
				if (next.kind === 'chunk') {
					delivered += next.chunk.length;
					yield next.chunk;
				} else if (next.kind === 'end') {
					end = endOf(file, response, part, next.sent, delivered);
				}
			}
			if (end === 'whole') return;
			// A store that keeps the file compressed counts its ranges otherwise than we do.
			const isOddRange = end === 'unsound' && response.status === 206;
			if (isOddRange || (part.start > 0 && delivered === before)) asksForRest = false;
			this.noteProgress(delivered);
			const isRepeated = await this.waitForRepeat();
			if (!isRepeated) throw brokenOffError(this.connection, delivered, file.total);
			response = await this.open(asksForRest ? delivered : 0);
		}
	}

	private noteProgress(delivered: number) {
		if (delivered - this.progressAt < PROGRESS_BYTES) return;
		this.progressAt = delivered;
		this.repeats = 0;
		this.isRenewed = false;
	}

	private async renew() {
		this.isRenewed = true;
		const link = await this.requestLink();
		if (!link) throw linkRefusedError(this.connection, this.link, 404);
		this.link = link;
		this.connection.events.renewedLinks++;
	}

	/** False when it was repeated often enough, or the execution was stopped. */
	private async waitForRepeat(after?: Busy): Promise<boolean> {
		if (this.repeats >= MOST_REPEATS) return false;
		const waitMs = waitBeforeRepeat(after?.retryAfterMs ?? null, this.repeats++, LONGEST_WAIT_MS);
		return await this.connection.clock.sleep(waitMs, this.connection.signal);
	}
}

type Busy = Extract<StoreAnswer, { kind: 'transient' }>;

type NextBytes =
	| { kind: 'chunk'; chunk: Buffer }
	/** `sent` counts those that were skipped, too. */
	| { kind: 'end'; sent: number }
	| { kind: 'broken' };

/** The bytes of a body without the first `skip`; last, how it ended. Lets go of the connection. */
async function* bytesOf(response: StoreResponse, skip: number): AsyncGenerator<NextBytes> {
	const chunks: AsyncIterator<Buffer> = response.body[Symbol.asyncIterator]();
	const idle = new IdleWatch(watchdogClock, LONGEST_IDLE_MS, () => response.end());
	try {
		for (let left = skip, sent = 0; ;) {
			const next = await idle.waitFor(chunks.next());
			if (next.done) return yield { kind: 'end', sent };
			sent += next.value.length;
			const chunk = left > 0 ? next.value.subarray(left) : next.value;
			left = Math.max(0, left - next.value.length);
			if (chunk.length > 0) yield { kind: 'chunk', chunk };
		}
	} catch {
		yield { kind: 'broken' };
	} finally {
		idle.stop();
		response.end();
	}
}
