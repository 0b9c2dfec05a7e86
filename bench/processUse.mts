import { readFileSync, writeFileSync } from 'node:fs';

import { UserFacingError } from '../playground/userFacingError.cjs';

/** Linux counts in hundredths of a second, whatever the kernel does inside. */
const ticksPerSecond = 100;

/** What a process takes; Linux keeps the peak of its memory itself, so that none is missed. */
export interface ProcessUse {
	/** Forgets the peak. @returns the bytes of physical memory in use now */
	resetPeak(): number;
	/** Bytes of physical memory. */
	peak(): number;
	/** Seconds of processor time since it began, in all its threads. */
	processorSeconds(): number;
}

export function useOf(pid: number): ProcessUse {
	if (process.platform !== 'linux') {
		throw new UserFacingError('What a process takes is measured on Linux only.');
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
		processorSeconds: () => {
			const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
			const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
			return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
		},
	};
}
