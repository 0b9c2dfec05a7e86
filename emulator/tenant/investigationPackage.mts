import { crc32 } from 'node:zlib';
import type { Device } from './device.mts';

/** What CollectInvestigationPackage leaves: a zip archive with one file, which is not compressed. */
export function investigationPackage({ machine }: Device): Buffer {
	const name = Buffer.from('Processes/Processes.CSV');
	const lines = Array.from({ length: 200 }, (_, at) => `svchost.exe,${1000 + at},${machine.id}`);
	const content = Buffer.from(['Name,PID,Device', ...lines].join('\r\n'));
	const common = Buffer.alloc(26);
	common.writeUInt16LE(20, 0);
	common.writeUInt32LE(crc32(content), 10);
	common.writeUInt32LE(content.length, 14);
	common.writeUInt32LE(content.length, 18);
	common.writeUInt16LE(name.length, 22);
	const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, name, content]);
	const entry = Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), common, Buffer.alloc(14), name]);
	const end = Buffer.alloc(22);
	end.write('PK\x05\x06', 'latin1');
	end.writeUInt16LE(1, 8);
	end.writeUInt16LE(1, 10);
	end.writeUInt32LE(entry.length, 12);
	end.writeUInt32LE(local.length, 16);
	return Buffer.concat([local, entry, end]);
}
