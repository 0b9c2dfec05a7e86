import busboy from 'busboy';
import type { Incoming } from '../http/incoming.mts';

export interface MultipartForm {
	fields: Map<string, string>;
	files: Array<{ field: string; fileName: string; content: Buffer }>;
}

/** Reads a multipart/form-data body, or returns undefined when it is none. */
export async function readForm(incoming: Incoming): Promise<MultipartForm | undefined> {
	const form: MultipartForm = { fields: new Map(), files: [] };
	return await new Promise((resolve) => {
		let parser: busboy.Busboy;
		try {
			if (!/^multipart\/form-data\s*;/i.test(incoming.headers['content-type'] ?? '')) {
				resolve(undefined);
				return;
			}
			parser = busboy({ headers: incoming.headers, preservePath: true });
		} catch {
			resolve(undefined);
			return;
		}
		parser.on('field', (name, value) => form.fields.set(name, value));
		parser.on('file', (field, stream, info) => {
			const chunks: Buffer[] = [];
			stream.on('data', (chunk: Buffer) => chunks.push(chunk));
			stream.on('end', () => {
				form.files.push({ field, fileName: info.filename ?? '', content: Buffer.concat(chunks) });
			});
		});
		parser.once('error', () => resolve(undefined));
		parser.once('close', () => resolve(form));
		parser.end(incoming.body);
	});
}
