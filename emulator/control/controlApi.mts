import type { Emulator } from '../emulator.mts';
import type { FaultOrder } from '../faults/fault.mts';
import { emptyAnswer, jsonAnswer, type Answer } from '../http/answer.mts';
import type { Incoming } from '../http/incoming.mts';
import type { SettingsOptions } from '../settings.mts';
import type { DeviceCondition } from '../tenant/device.mts';
import type { MachineOptions } from '../tenant/machines.mts';
import type { ActionOptions } from '../tenant/pastAction.mts';
import { actionFromJson, libraryFileFromJson, type JsonLibraryFile } from './fromJson.mts';
import { stateOf } from './state.mts';

const prefix = '/_emulator/';
const loopback = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;

export function isControlPath(path: string): boolean {
	return path.startsWith(prefix);
}

/** Calls by method and path after the prefix; `*` stands for one more path segment. */
const calls: Record<string, (emulator: Emulator, body: unknown, segment: string) => unknown> = {
	'GET state': (emulator) => stateOf(emulator),
	'GET credential': (emulator) => emulator.credential,
	'GET certificateCredential': (emulator) => emulator.certificateCredential,
	'GET oAuth2Credential': (emulator) => emulator.oAuth2Credential,
	'GET requests': (emulator) => emulator.requests.all,
	'DELETE requests': (emulator) => emulator.requests.clear(),
	'POST faults': (emulator, body) =>
		emulator.faults.order(...(Array.isArray(body) ? (body as FaultOrder[]) : [body as FaultOrder])),
	'DELETE faults': (emulator) => emulator.faults.clear(),
	'POST advance': (emulator, body) => emulator.advance((body as { seconds: number }).seconds),
	'POST settings': (emulator, body) => emulator.configure(body as SettingsOptions),
	'POST revokeTokens': (emulator) => emulator.application.revokeTokens(),
	'POST roles': (emulator, body) =>
		emulator.application.setRoles((body as { roles: string[] }).roles),
	'POST scopes': (emulator, body) => {
		emulator.application.scopes = (body as { scopes: string[] }).scopes;
	},
	'POST actions': async (emulator, body) => {
		const options = (Array.isArray(body) ? body : [body]) as ActionOptions[];
		const ids = options.map((entry) => emulator.tenant.actions.add(actionFromJson(entry)));
		await emulator.settled();
		return { ids };
	},
	'POST machines': (emulator, body) => ({
		id: emulator.tenant.machines.add(body as MachineOptions),
	}),
	'PATCH machines/*': (emulator, body, id) =>
		emulator.tenant.machines.change(id, body as Partial<DeviceCondition>),
	'POST library': (emulator, body) =>
		emulator.tenant.library.add(libraryFileFromJson(body as JsonLibraryFile)),
};

/** What tests in other processes use to look into the emulator and to steer it. */
export class ControlApi {
	emulator: Emulator | undefined;

	async answer(incoming: Incoming): Promise<Answer> {
		// A page in a browser must not reach this through a name that resolves to loopback.
		if (!loopback.test(incoming.headers.host ?? '') || incoming.headers.origin !== undefined) {
			return jsonAnswer(403, { error: 'The control API is for programs on this machine.' });
		}
		const [name, segment = ''] = incoming.path.slice(prefix.length).split('/');
		const key = `${incoming.method} ${name}${segment === '' ? '' : '/*'}`;
		const call = Object.hasOwn(calls, key) ? calls[key] : undefined;
		if (call === undefined || this.emulator === undefined) {
			return jsonAnswer(404, { error: `There is no ${key}.`, calls: Object.keys(calls) });
		}
		try {
			const text = incoming.body.toString('utf8');
			const body: unknown = text === '' ? {} : JSON.parse(text);
			const result = await call(this.emulator, body, decodeURIComponent(segment));
			return result === undefined ? emptyAnswer(204) : jsonAnswer(200, result);
		} catch (error) {
			return jsonAnswer(400, { error: error instanceof Error ? error.message : String(error) });
		}
	}
}
