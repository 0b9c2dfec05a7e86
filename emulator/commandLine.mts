import { parseArgs } from 'node:util';
import type { EmulatorOptions } from './emulator.mts';
import type { RetryAfterForm } from './faults/fault.mts';
import type { ProfileName } from './profiles.mts';
import { combinedSettings, type SettingsOptions } from './settings.mts';
import { readSetting, settingsHelp } from './settingsByName.mts';

export type CommandLine =
	| { kind: 'start'; options: EmulatorOptions; certificateFolder: string | undefined }
	| { kind: 'help' }
	| { kind: 'invalid'; message: string };

export const help = `Usage: npm run emulator -- [options]

  --port <n>                 sign-in, API and control (default 8790)
  --download-port <n>        result links (default 8791)
  --tenant contoso|empty     what the tenant holds (default contoso)
  --time-scale <n>           emulated seconds in a real second (default 1)
  --calls-per-minute <n>     default 100
  --calls-per-hour <n>       default 1500
  --runs-per-minute <n>      live response runs, default 10
  --window-seconds <n>       length of the limits' minute (default 60)
  --retry-after <form>       seconds, fraction, date or absent (default seconds)
  --link-lifetime <seconds>  default 1800
  --page-size <n>            entries in a page of a list (default 10000)
  --profile plain|harsh      for what the cloud is not known to do: what facts suggest, or what hurts
  --real-lag <seconds>       real seconds that each lag of the profile takes instead of its own
  --set <name>=<value>       any setting of the list below; may be given several times
  --seed <text>              other ids and another secret (default contoso)
  --storage memory|disk      where result files are kept (default memory)
  --save-certificate <dir>   writes key and certificate for certificate sign-in there
  --help

Settings for --set, with their value in the plain profile, and in the harsh one where it differs:

${settingsHelp()}`;

const text = { type: 'string' } as const;
const profileNames: readonly ProfileName[] = ['plain', 'harsh'];
const forms: readonly RetryAfterForm[] = ['seconds', 'fraction', 'date', 'absent'];

class UsageError extends Error {}

/** Reads the arguments of `npm run emulator`. */
export function readCommandLine(args: string[]): CommandLine {
	try {
		return read(args);
	} catch (error) {
		const code = (error as NodeJS.ErrnoException).code ?? '';
		if (error instanceof UsageError || code.startsWith('ERR_PARSE_ARGS')) {
			return { kind: 'invalid', message: (error as Error).message };
		}
		throw error;
	}
}

function read(args: string[]): CommandLine {
	const { values } = parseArgs({
		args,
		options: {
			port: text,
			'download-port': text,
			tenant: text,
			'time-scale': text,
			'calls-per-minute': text,
			'calls-per-hour': text,
			'runs-per-minute': text,
			'window-seconds': text,
			'retry-after': text,
			'link-lifetime': text,
			'page-size': text,
			profile: text,
			'real-lag': text,
			set: { type: 'string', multiple: true },
			seed: text,
			storage: text,
			'save-certificate': text,
			help: { type: 'boolean' },
		},
	});
	if (values.help === true) return { kind: 'help' };
	const number = (name: keyof typeof values, least: number): number | undefined => {
		const value = values[name];
		if (value === undefined) return undefined;
		const parsed = Number(value);
		if (value === '' || !(parsed >= least)) {
			throw new UsageError(`--${name} must be a number, at least ${least}.`);
		}
		return parsed;
	};
	const oneOf = <T extends string>(
		name: 'tenant' | 'retry-after' | 'storage' | 'profile',
		allowed: readonly T[],
	) => {
		const value = values[name];
		if (value === undefined) return undefined;
		const found = allowed.find((entry) => entry === value);
		if (found === undefined) throw new UsageError(`--${name} must be ${allowed.join(' or ')}.`);
		return found;
	};
	const port = (name: 'port' | 'download-port', standard: number) => {
		const value = number(name, 0) ?? standard;
		if (!Number.isInteger(value) || value > 65_535) {
			throw new UsageError(`--${name} must be a port number.`);
		}
		return value;
	};
	return {
		kind: 'start',
		certificateFolder: values['save-certificate'],
		options: {
			port: port('port', 8790),
			downloadPort: port('download-port', 8791),
			tenant: oneOf('tenant', ['contoso', 'empty']),
			timeScale: number('time-scale', 0.001),
			seed: values.seed ?? 'contoso',
			storage: oneOf('storage', ['memory', 'disk']),
			profile: oneOf('profile', profileNames),
			realLagSeconds: number('real-lag', 0),
			...combinedSettings(...(values.set ?? []).map(setting), {
				windowSeconds: number('window-seconds', 0.001),
				retryAfter: oneOf('retry-after', forms),
				linkLifetimeSeconds: number('link-lifetime', 1),
				pageSize: number('page-size', 1),
				limits: {
					callsPerMinute: number('calls-per-minute', 1),
					callsPerHour: number('calls-per-hour', 1),
					runsPerMinute: number('runs-per-minute', 1),
				},
			}),
		},
	};
}

function setting(text: string): SettingsOptions {
	try {
		return readSetting(text);
	} catch (error) {
		throw new UsageError(`--set ${text}: ${(error as Error).message}`);
	}
}
