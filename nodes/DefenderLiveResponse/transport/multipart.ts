/** multipart/form-data as bytes: n8n cannot send a form again after it has renewed a token. */
import { randomUUID } from 'node:crypto';

export interface FilePart {
	field: string;
	/** Letters, digits, hyphens, underscores and dots only: it is not escaped. */
	fileName: string;
	content: Buffer;
}

/**
 * The body and its content type.
 *
 * https://www.rfc-editor.org/rfc/rfc7578
 */
export function multipartForm(
	fields: Readonly<Record<string, string>>,
	file: FilePart,
	boundary = `----n8n-${randomUUID()}`,
): { bytes: Buffer; contentType: string } {
	const text = Object.entries(fields).map(
		([name, value]) =>
			`--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
	);
	const fileHead = `--${boundary}\r\nContent-Disposition: form-data; name="${file.field}"; filename="${file.fileName}"\r\nContent-Type: application/octet-stream\r\n\r\n`;
	return {
		bytes: Buffer.concat([
			Buffer.from(text.join('') + fileHead),
			file.content,
			Buffer.from(`\r\n--${boundary}--\r\n`),
		]),
		contentType: `multipart/form-data; boundary=${boundary}`,
	};
}
