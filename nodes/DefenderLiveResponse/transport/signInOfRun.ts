import type { ApiAnswer, Refusal } from './apiCall';
import { perConnection } from './perConnection';

/**
 * How the sign-in of a node run stands. What is rejected once stays rejected for the run: a thousand
 * items must not sign in a thousand times with a secret that has ended, nor send a token that the
 * API does not accept. So calls go one after the other until the API has accepted the token once.
 */
class SignInOfRun {
	/** What every further call is answered with; null while the sign-in may be good. */
	refusal: Refusal | null = null;
	private isAccepted = false;
	private underWay: Promise<void> | null = null;

	/** Waits until a call may be made. @returns what to call when it has been answered, or not made */
	async turn(): Promise<() => void> {
		while (this.underWay !== null) await this.underWay;
		if (this.isAccepted || this.refusal !== null) return () => {};
		let end = () => {};
		this.underWay = new Promise((resolve) => {
			end = () => {
				this.underWay = null;
				resolve();
			};
		});
		return end;
	}

	/** n8n has renewed a token once before it hands over a 401. */
	answered(answer: ApiAnswer, refusal: () => Refusal): void {
		if (answer.kind !== 'answered') return;
		if (answer.status === 401) this.refusal = refusal();
		else this.isAccepted = true;
	}
}

export const signInOf = perConnection(() => new SignInOfRun());
