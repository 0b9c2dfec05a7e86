import { PassThrough } from 'node:stream';

import busboy from 'busboy';

import { multipartForm } from '../../../nodes/DefenderLiveResponse/transport/multipart';

/** The form as another implementation reads it. */
async function read({ bytes, contentType }: { bytes: Buffer; contentType: string }) {
	const fields: Record<string, string> = {};
	const files: Array<{ field: string; fileName: string; content: Buffer }> = [];
	const parser = busboy({ headers: { 'content-type': contentType } });
	parser.on('field', (name, value) => (fields[name] = value));
	parser.on('file', (field, stream, { filename }) => {
		const chunks: Buffer[] = [];
		stream.on('data', (chunk: Buffer) => chunks.push(chunk));
		stream.on('end', () =>
			files.push({ field, fileName: filename ?? '', content: Buffer.concat(chunks) }),
		);
	});
	const closed = new Promise((resolve) => parser.once('close', resolve));
	new PassThrough().end(bytes).pipe(parser);
	await closed;
	return { fields, files };
}

const file = { field: 'file', fileName: 'a.ps1', content: Buffer.from('x') };

describe('a form with a file', () => {
	it('is read by others as it was meant', async () => {
		const content = Buffer.from(Array.from({ length: 1024 }, (_, at) => at % 256));
		const fields = { Description: 'Prüft "alles"\r\n--x', Empty: '', HasParameters: 'true' };
		expect(await read(multipartForm(fields, { ...file, content }))).toEqual({
			fields,
			files: [{ field: 'file', fileName: 'a.ps1', content }],
		});
	});

	it('is made of exactly these bytes', () => {
		expect(multipartForm({ A: '1' }, file, 'B')).toEqual({
			contentType: 'multipart/form-data; boundary=B',
			bytes: Buffer.from(
				'--B\r\nContent-Disposition: form-data; name="A"\r\n\r\n1\r\n' +
					'--B\r\nContent-Disposition: form-data; name="file"; filename="a.ps1"\r\nContent-Type: application/octet-stream\r\n\r\nx' +
					'\r\n--B--\r\n',
			),
		});
	});

	it('has a boundary of its own every time', () => {
		expect(multipartForm({}, file).contentType).not.toBe(multipartForm({}, file).contentType);
	});
});
