import type { LibraryFileOptions } from '../tenant/library.mts';
import type { ActionOptions, FinishedCommandOptions } from '../tenant/pastAction.mts';
import type { ScriptOutcome } from '../tenant/script.mts';

/** Bytes in JSON: base64 under the name with `Base64` at its end. */
type JsonCommand = Omit<FinishedCommandOptions, 'result'> & {
	result?: string;
	resultBase64?: string;
	contentBase64?: string;
};

export type JsonLibraryFile = Omit<LibraryFileOptions, 'behaviour'> & {
	contentBase64?: string;
	behaviour?: Omit<ScriptOutcome, 'raw'> & { raw?: string; rawBase64?: string };
};

export function actionFromJson(options: ActionOptions): ActionOptions {
	const commands = options.commands?.map((entry) => {
		const { resultBase64, contentBase64, ...command } = entry as JsonCommand;
		return {
			...command,
			...(resultBase64 === undefined ? {} : { result: Buffer.from(resultBase64, 'base64') }),
			...(contentBase64 === undefined ? {} : { content: Buffer.from(contentBase64, 'base64') }),
		};
	});
	return commands === undefined ? options : { ...options, commands };
}

export function libraryFileFromJson(options: JsonLibraryFile): LibraryFileOptions {
	const { contentBase64, behaviour, ...file } = options;
	const content = contentBase64 === undefined ? file.content : Buffer.from(contentBase64, 'base64');
	if (behaviour === undefined) return { ...file, content };
	const { raw, rawBase64, ...outcome } = behaviour;
	const bytes =
		rawBase64 !== undefined
			? Buffer.from(rawBase64, 'base64')
			: raw === undefined
				? undefined
				: Buffer.from(raw);
	return { ...file, content, behaviour: { ...outcome, raw: bytes } };
}
