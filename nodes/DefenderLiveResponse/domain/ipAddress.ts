const BYTE = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IP_VERSION_4 = new RegExp(`^${BYTE}(?:\\.${BYTE}){3}$`);

/** One address of version 4 or 6, without a port, a zone or a range. */
export function isIpAddress(text: string): boolean {
	if (IP_VERSION_4.test(text)) return true;
	return /^[0-9a-f:.]+$/i.test(text) && URL.canParse(`http://[${text}]`);
}
