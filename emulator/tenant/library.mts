import { createHash } from 'node:crypto';
import { toApiTime, type EmulatedClock } from '../clock.mts';
import type { ScriptBehaviour } from './script.mts';

/** A library file as the API shows it. */
export interface LibraryFileEntity {
	fileName: string;
	sha256: string;
	description: string | null;
	creationTime: string;
	lastUpdatedTime: string;
	createdBy: string;
	hasParameters: boolean;
	parametersDescription: string | null;
}

export interface LibraryFileOptions {
	fileName: string;
	content?: Buffer | string;
	description?: string | null;
	hasParameters?: boolean;
	parametersDescription?: string | null;
	createdBy?: string;
	/** Whether PowerShell takes it for signed; default true. */
	isSigned?: boolean;
	/** What happens when the file is run as a script; default: exit code 0 and a line of output. */
	behaviour?: ScriptBehaviour;
}

interface LibraryFile {
	entity: LibraryFileEntity;
	content: Buffer;
	isSigned: boolean;
	behaviour: ScriptBehaviour;
}

/** The live response library. */
export class Library {
	private readonly clock: EmulatedClock;
	private readonly files = new Map<string, LibraryFile>();

	constructor(clock: EmulatedClock) {
		this.clock = clock;
	}

	/** Adds or replaces a file. A replaced file keeps its creation time. */
	add(options: LibraryFileOptions): LibraryFileEntity {
		const content = Buffer.from(options.content ?? '');
		const now = toApiTime(this.clock.now());
		const entity: LibraryFileEntity = {
			fileName: options.fileName,
			sha256: createHash('sha256').update(content).digest('hex'),
			description: options.description ?? null,
			creationTime: this.files.get(options.fileName)?.entity.creationTime ?? now,
			lastUpdatedTime: now,
			createdBy: options.createdBy ?? 'admin',
			hasParameters: options.hasParameters ?? false,
			parametersDescription: options.parametersDescription ?? null,
		};
		const behaviour = options.behaviour ?? {
			output: `${options.fileName} ran.\n`,
		};
		const { isSigned = true } = options;
		this.files.set(options.fileName, { entity, content, isSigned, behaviour });
		return entity;
	}

	get(fileName: string): LibraryFile | undefined {
		return this.files.get(fileName);
	}

	delete(fileName: string): boolean {
		return this.files.delete(fileName);
	}

	get all(): LibraryFileEntity[] {
		return [...this.files.values()].map((file) => file.entity);
	}
}
