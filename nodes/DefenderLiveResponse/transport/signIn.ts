import type { ApiAnswer } from './apiCall';
import { perConnection } from './perConnection';

/**
 * The sign-in of a connection. Its first call goes alone, so that twenty items do not sign in twenty
 * times. What was rejected stays rejected for the node run: a thousand items must not sign in with a
 * secret that has ended, nor send a token that the API does not accept. What may pass sticks to nothing.
 */
class SignIn {
	/** The answer to every further call: no token was granted, or the API does not accept it. */
	rejection: ApiAnswer | null = null;
	private isProven = false;
	private first: Promise<ApiAnswer> | null = null;

	/** Sends the call. Those that wait for the first one share it when it was not let in. */
	async send(call: () => Promise<ApiAnswer>): Promise<ApiAnswer> {
		if (this.rejection) return this.rejection;
		while (!this.isProven && this.first) {
			const answer = await this.first;
			if (isNotLetIn(answer)) return answer;
		}
		if (this.isProven) return this.noted(await call());
		this.first = call();
		try {
			return this.noted(await this.first);
		} finally {
			this.first = null;
		}
	}

	private noted(answer: ApiAnswer): ApiAnswer {
		if (isNotLetIn(answer)) {
			const mayPass = answer.kind === 'signInRefused' && answer.mayPass;
			if (!mayPass) this.rejection = answer;
		} else if (answer.kind !== 'stopped') this.isProven = true;
		return answer;
	}
}

/** A 401 is one that stayed: n8n renews a token once by itself. */
const isNotLetIn = (answer: ApiAnswer): boolean =>
	answer.kind === 'signInRefused' || (answer.kind === 'answered' && answer.status === 401);

export const signInOf = perConnection(() => new SignIn());
