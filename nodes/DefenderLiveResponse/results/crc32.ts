/** The checksum of gzip, eight bytes at a time: https://www.rfc-editor.org/rfc/rfc1952#section-8 */

const POLYNOMIAL = 0xedb88320;

/** `TABLES[n * 256 + byte]`: what a byte does to the sum when n bytes follow it. */
const TABLES = new Int32Array(8 * 256);
for (let byte = 0; byte < 256; byte++) {
	let sum = byte;
	for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? POLYNOMIAL : 0);
	TABLES[byte] = sum;
}
for (let at = 256; at < TABLES.length; at++) {
	const before = TABLES[at - 256];
	TABLES[at] = (before >>> 8) ^ TABLES[before & 0xff];
}

/** The sum of `bytes` behind what `before` is the sum of; 0 is the sum of nothing. */
export function crc32(bytes: Uint8Array, before = 0): number {
	let sum = ~before;
	let at = 0;
	for (const end = bytes.length - 7; at < end; at += 8) {
		sum ^= bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
		sum =
			TABLES[1792 | (sum & 0xff)] ^
			TABLES[1536 | ((sum >>> 8) & 0xff)] ^
			TABLES[1280 | ((sum >>> 16) & 0xff)] ^
			TABLES[1024 | (sum >>> 24)] ^
			TABLES[768 | bytes[at + 4]] ^
			TABLES[512 | bytes[at + 5]] ^
			TABLES[256 | bytes[at + 6]] ^
			TABLES[bytes[at + 7]];
	}
	for (; at < bytes.length; at++) sum = (sum >>> 8) ^ TABLES[(sum ^ bytes[at]) & 0xff];
	return ~sum >>> 0;
}
