import type { ApiAnswer, SignInRefused } from './apiCall';
import { perConnection } from './perConnection';

/**
 * The sign-in of a connection. Its first call goes alone, so that twenty items do not sign in twenty
 * times. A credential that was refused stays refused for the node run: a thousand items must not sign
 * in with a secret that has ended. What may pass sticks to nothing.
 */
class SignIn {
	refusal: SignInRefused | null = null;
	private isProven = false;
	private first: Promise<ApiAnswer> | null = null;

	/** Sends the call. Those that wait for the first one share it when it got no token. */
	async send(call: () => Promise<ApiAnswer>): Promise<ApiAnswer> {
		while (!this.isProven && this.first) {
			const answer = await this.first;
			if (answer.kind === 'signInRefused') return answer;
		}
		if (this.isProven) return await call();
		this.first = call();
		const answer = await this.first;
		this.first = null;
		this.note(answer);
		return answer;
	}

	private note(answer: ApiAnswer) {
		switch (answer.kind) {
			case 'answered':
			case 'unreachable':
				this.isProven = true;
				break;
			case 'signInRefused':
				if (!answer.mayPass) this.refusal = answer;
				break;
			case 'stopped':
		}
	}
}

export const signInOf = perConnection(() => new SignIn());
