import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EmulatedClock } from './clock.mts';
import { isControlPath, type ControlApi } from './control/controlApi.mts';
import type { AnswerForm } from './defender/answerForm.mts';
import { DefenderApi } from './defender/api.mts';
import { apiError } from './defender/apiError.mts';
import type { Application } from './entra/application.mts';
import { SignInEndpoints } from './entra/signInEndpoints.mts';
import { faultyAnswer } from './faults/faultyAnswer.mts';
import type { Faults } from './faults/faults.mts';
import type { Answer } from './http/answer.mts';
import { readIncoming, type Incoming } from './http/incoming.mts';
import { resetConnection, sendAnswer } from './http/send.mts';
import type { RequestLog } from './requestLog.mts';
import type { DownloadServer } from './results/downloadServer.mts';
import type { Tenant } from './tenant/tenant.mts';

interface Parts {
	api: DefenderApi;
	answerForm: AnswerForm;
	signIn: SignInEndpoints;
	downloads: DownloadServer;
	control: ControlApi;
	faults: Faults;
	requests: RequestLog;
	clock: EmulatedClock;
	application: Application;
	tenant: Tenant;
}

/** The tenant a request is for: the sign-in has it in its path, a call of the API in its token. */
function tenantOf({ path, headers }: Incoming): string | undefined {
	const [, tenant] = /^\/([^/]+)\/oauth2\//.exec(path) ?? [];
	if (tenant !== undefined) return tenant.toLowerCase();
	const [, claims] = /^Bearer [^.]+\.([^.]+)\./i.exec(headers.authorization ?? '') ?? [];
	const [, tid] =
		/"tid":"([^"]+)"/.exec(Buffer.from(claims ?? '', 'base64url').toString('utf8')) ?? [];
	return tid;
}

/** Takes every request in: records it, lets an ordered fault happen, and hands it to the part it is for. */
export class FrontDoor {
	private readonly parts: Parts;
	private readonly beside = new Map<string, FrontDoor>();

	constructor(parts: Parts) {
		this.parts = parts;
	}

	/** Hands over what is for another tenant at the same addresses. */
	add(tenantId: string, door: FrontDoor): void {
		this.beside.set(tenantId, door);
	}

	/** Sign-in, API and control. */
	async main(request: IncomingMessage, response: ServerResponse): Promise<void> {
		await guarded(response, async () => {
			const incoming = await readIncoming(request);
			const door = this.beside.get(tenantOf(incoming) ?? '') ?? this;
			await door.serve(incoming, response);
		});
	}

	private async serve(incoming: Incoming, response: ServerResponse): Promise<void> {
		await guarded(response, async () => {
			if (isControlPath(incoming.path)) {
				sendAnswer(response, await this.parts.control.answer(incoming));
				return;
			}
			const to = incoming.path.includes('/oauth2/') ? 'login' : 'api';
			const { requests, clock, faults, application, signIn, tenant } = this.parts;
			const record = requests.record(to, incoming, clock.now());
			const answer = async () => await this.answer(incoming);
			const fault = faults.take(to, incoming.method, incoming.url);
			const outcome =
				fault &&
				(await faultyAnswer(fault, {
					answer,
					revokeTokens: () => application.revokeTokens(),
					removeRole: (role) => application.removeRole(role),
					startElsewhere: (what) => {
						const [, machineId] = /\/machines\/([^/]+)\/runliveresponse$/.exec(incoming.path) ?? [];
						if (machineId !== undefined) tenant.startElsewhere(machineId, what);
					},
					refuseSignIn: (refusal) => signIn.refuse(incoming, refusal),
					signInWithoutRoles: () => signIn.answer(incoming, { withoutRoles: true }),
					realNow: clock.real(),
				}));
			if (outcome?.kind === 'reset') resetConnection(response);
			else record.status = sendAnswer(response, outcome?.answer ?? (await answer()));
		});
	}

	/** The storage account of the result files. */
	async download(request: IncomingMessage, response: ServerResponse): Promise<void> {
		await guarded(response, async () => {
			const { requests, clock, downloads } = this.parts;
			const record = requests.record('download', await readIncoming(request), clock.now());
			record.status = await downloads.handle(request, response);
		});
	}

	private async answer(incoming: Incoming): Promise<Answer> {
		if (SignInEndpoints.handles(incoming)) {
			return this.parts.signIn.answer(incoming);
		}
		return this.parts.answerForm.of(
			DefenderApi.handles(incoming.path)
				? await this.parts.api.answer(incoming)
				: apiError(404, 'NotFound', `No resource was found at ${incoming.path}.`),
		);
	}
}

/** A defect of the emulator must not look like an answer of the API, nor end the process. */
async function guarded(response: ServerResponse, work: () => Promise<void>): Promise<void> {
	try {
		await work();
	} catch (error) {
		if (response.destroyed || response.socket?.destroyed) return;
		console.error('The emulator failed on a request:', error);
		if (response.headersSent) response.destroy();
		else sendAnswer(response, { status: 599, headers: {}, body: 'The emulator failed.' });
	}
}
