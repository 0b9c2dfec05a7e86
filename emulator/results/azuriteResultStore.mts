import { randomUUID } from 'node:crypto';

import {
	BlobSASPermissions,
	BlobServiceClient,
	generateBlobSASQueryParameters,
	StorageSharedKeyCredential,
	type ContainerClient,
} from '@azure/storage-blob';
import type { EmulatedClock } from '../clock.mts';
import type { Identifiers } from '../identifiers.mts';
import type { ResultContent, ResultStore, StoredResult } from './resultStore.mts';

const account = 'devstoreaccount1';
/** Azurite's published development key; it opens nothing but a local Azurite. */
const accountKey =
	'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';
const containerName = 'investigation-actions-data';
const uploadsAtOnce = 16;

/** Result files in Azurite, handed out under shared access signatures that it checks itself. */
export class AzuriteResultStore implements ResultStore {
	private readonly credential = new StorageSharedKeyCredential(account, accountKey);
	private readonly container: ContainerClient;
	private readonly clock: EmulatedClock;
	private readonly identifiers: Identifiers;
	private readonly folder: string;
	private readonly waiting: Array<() => void> = [];
	private readonly stopped = new AbortController();
	private readonly uploads = new Set<Promise<void>>();
	private uploading = 0;
	/** Origin of the links; set once the download port is known. */
	downloadUrl = '';

	private constructor(azuriteUrl: string, clock: EmulatedClock, identifiers: Identifiers) {
		this.clock = clock;
		this.identifiers = identifiers;
		this.folder = randomUUID();
		this.container = new BlobServiceClient(
			`${azuriteUrl}/${account}`,
			this.credential,
		).getContainerClient(containerName);
	}

	static async create(
		azuriteUrl: string,
		clock: EmulatedClock,
		identifiers: Identifiers,
	): Promise<AzuriteResultStore> {
		const store = new AzuriteResultStore(azuriteUrl, clock, identifiers);
		await store.container.createIfNotExists();
		return store;
	}

	put(content: ResultContent, fileName: string): StoredResult {
		const blobName = `${this.folder}/CustomPlaybookCommandOutput/${this.identifiers.hex(32)}`;
		const ready = this.upload(content, blobName);
		this.uploads.add(ready);
		// A failed upload shows when the link is asked for.
		ready.catch(() => undefined).finally(() => this.uploads.delete(ready));
		return { blobName, fileName, ready };
	}

	link(result: StoredResult, lifetimeSeconds: number): string {
		const signature = generateBlobSASQueryParameters(
			{
				containerName,
				blobName: result.blobName,
				permissions: BlobSASPermissions.parse('r'),
				expiresOn: new Date(this.clock.real() + lifetimeSeconds * 1000),
				contentDisposition: `attachment; filename=${encodeURIComponent(result.fileName)}`,
			},
			this.credential,
		);
		// Defender leaves the slashes of a signature as they are.
		const query = signature.toString().replaceAll('%2F', '/');
		return `${this.downloadUrl}/${account}/${containerName}/${result.blobName}?${query}`;
	}

	/** Resolves when every upload that was started is done. */
	async settled(): Promise<void> {
		await Promise.all(this.uploads);
	}

	/** Gives up the uploads that are under way. */
	stop(): void {
		this.stopped.abort();
		for (const next of this.waiting.splice(0)) next();
	}

	private async upload(content: ResultContent, blobName: string): Promise<void> {
		if (this.uploading >= uploadsAtOnce) {
			await new Promise<void>((resolve) => this.waiting.push(resolve));
		} else {
			this.uploading += 1;
		}
		try {
			const blob = this.container.getBlockBlobClient(blobName);
			const options = {
				blobHTTPHeaders: { blobContentType: 'application/octet-stream' },
				abortSignal: this.stopped.signal,
			};
			if (typeof content === 'object' && 'path' in content) {
				await blob.uploadFile(content.path, { ...options, concurrency: 2 });
			} else {
				await blob.uploadData(Buffer.from(content), options);
			}
		} finally {
			const next = this.waiting.shift();
			if (next === undefined) this.uploading -= 1;
			else next();
		}
	}
}
