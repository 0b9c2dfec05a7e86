import { readFileSync, writeFileSync } from 'node:fs';

import { Obstacle } from '../playground/obstacle.mts';

/** The physical memory of a process, in bytes; Linux keeps the peak itself, so that none is missed. */
export interface ProcessMemory {
	/** Forgets the peak. @returns what is in use now */
	resetPeak(): number;
	peak(): number;
}

export function memoryOf(pid: number): ProcessMemory {
	if (process.platform !== 'linux') {
		throw new Obstacle('The memory of a process is measured on Linux only.');
	}
	const read = (field: 'VmRSS' | 'VmHWM') => {
		const status = readFileSync(`/proc/${pid}/status`, 'utf8');
		const kilobytes = new RegExp(`^${field}:\\s*(\\d+) kB$`, 'm').exec(status)?.[1];
		if (kilobytes === undefined) throw new Error(`/proc/${pid}/status has no ${field}`);
		return Number(kilobytes) * 1024;
	};
	return {
		resetPeak: () => {
			writeFileSync(`/proc/${pid}/clear_refs`, '5');
			return read('VmRSS');
		},
		peak: () => read('VmHWM'),
	};
}
