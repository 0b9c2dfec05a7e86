import type { IncomingMessage, ServerResponse } from 'node:http';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { createGzip } from 'node:zlib';
import type { FaultKind } from '../faults/fault.mts';
import { resetConnection } from '../http/send.mts';

/** Streams a result file to the client, in the way an ordered fault wants it. */
export async function forward(
	upstream: IncomingMessage,
	response: ServerResponse,
	fault: FaultKind | undefined,
): Promise<void> {
	const { connection: _, 'keep-alive': __, ...headers } = upstream.headers;
	const size = Number(upstream.headers['content-length'] ?? 0);
	switch (fault?.kind) {
		case 'stalledBody':
		case 'resetMidBody':
		case 'truncated': {
			response.writeHead(upstream.statusCode ?? 200, { ...headers, connection: 'close' });
			await writeFirst(upstream, response, fault.bytes ?? Math.floor(size / 2));
			if (fault.kind === 'stalledBody') return;
			if (fault.kind === 'truncated') response.socket?.end();
			else resetConnection(response);
			return;
		}
		case 'closedWithoutLength': {
			const { 'content-length': ___, ...rest } = headers;
			response.useChunkedEncodingByDefault = false;
			response.writeHead(upstream.statusCode ?? 200, { ...rest, connection: 'close' });
			await writeFirst(upstream, response, fault.bytes ?? Math.floor(size / 2));
			response.end();
			return;
		}
		case 'shortRange':
		case 'otherLength': {
			const { 'content-md5': ___, ...rest } = headers;
			const half = Math.floor(size / 2);
			const bytes = fault.kind === 'otherLength' ? (fault.bytes ?? half) : half;
			response.writeHead(upstream.statusCode ?? 200, { ...rest, 'content-length': bytes });
			await writeFirst(upstream, response, bytes);
			response.end();
			return;
		}
		case 'gzipEncoding': {
			const { 'content-length': ___, ...rest } = headers;
			response.writeHead(upstream.statusCode ?? 200, { ...rest, 'content-encoding': 'gzip' });
			await settled(pipeline(upstream, createGzip(), response));
			return;
		}
		case 'slowBody':
			response.writeHead(upstream.statusCode ?? 200, headers);
			await settled(pipeline(upstream, paced(fault.bytesPerSecond), response));
			return;
		default:
			response.writeHead(upstream.statusCode ?? 200, headers);
			await settled(pipeline(upstream, response));
	}
}

/** Sends the first bytes and makes sure that they are on the wire. */
async function writeFirst(
	upstream: IncomingMessage,
	response: ServerResponse,
	bytes: number,
): Promise<void> {
	let left = bytes;
	for await (const chunk of upstream as AsyncIterable<Buffer>) {
		const part = chunk.subarray(0, left);
		left -= part.length;
		await new Promise<void>((resolve) => response.write(part, () => resolve()));
		if (left <= 0) break;
	}
	upstream.destroy();
	await delay(20);
}

function paced(bytesPerSecond: number): Transform {
	const slice = Math.max(1, Math.floor(bytesPerSecond / 20));
	return new Transform({
		async transform(chunk: Buffer, _encoding, done) {
			for (let offset = 0; offset < chunk.length && !this.destroyed; offset += slice) {
				this.push(chunk.subarray(offset, offset + slice));
				await delay(50);
			}
			done();
		},
	});
}

/** A client that goes away ends its download and nothing else. */
async function settled(transfer: Promise<void>): Promise<void> {
	await transfer.catch(() => undefined);
}
