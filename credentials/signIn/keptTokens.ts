/** A token as the sign-in service granted it. */
export interface GrantedToken {
	token: string;
	livesForMs: number;
}

interface Kept {
	granting: Promise<GrantedToken>;
	/** Undefined while the sign-in is under way. */
	granted?: { token: string; until: number };
}

const MOST_KEPT = 1000;
/** A token is used for this share of its life. */
const SHARE_OF_LIFE = 0.9;

/**
 * Tokens by a digest of the settings they belong to, in the memory of this process alone. One sign-in
 * for each of them is under way at a time, shared by all that ask.
 */
export class KeptTokens {
	/** The one used last at the end. */
	private readonly kept = new Map<string, Kept>();

	/** @param now milliseconds that never go back */
	constructor(private readonly now: () => number) {}

	/**
	 * The token for these settings. `signIn` is asked when there is none, when it has run out, and when
	 * it is the one that was refused.
	 */
	async get(
		digest: string,
		refused: string | null,
		signIn: () => Promise<GrantedToken>,
	): Promise<string> {
		const kept = this.kept.get(digest);
		const isUsable = kept !== undefined && this.isUsable(kept, refused);
		return await this.use(digest, isUsable ? kept : this.begin(digest, signIn));
	}

	/** A new token for these settings, which takes the place of the one that is kept. */
	async renew(digest: string, signIn: () => Promise<GrantedToken>): Promise<string> {
		const kept = this.kept.get(digest);
		const isUnderWay = kept !== undefined && kept.granted === undefined;
		return await this.use(digest, isUnderWay ? kept : this.begin(digest, signIn));
	}

	private isUsable({ granted }: Kept, refused: string | null): boolean {
		return granted === undefined || (granted.token !== refused && this.now() < granted.until);
	}

	private begin(digest: string, signIn: () => Promise<GrantedToken>): Kept {
		const kept: Kept = { granting: signIn() };
		kept.granting.then(
			({ token, livesForMs }) => {
				kept.granted = { token, until: this.now() + livesForMs * SHARE_OF_LIFE };
			},
			() => {
				if (this.kept.get(digest) === kept) this.kept.delete(digest);
			},
		);
		return kept;
	}

	private async use(digest: string, kept: Kept): Promise<string> {
		this.kept.delete(digest);
		this.kept.set(digest, kept);
		const [oldest] = this.kept.keys();
		if (this.kept.size > MOST_KEPT) this.kept.delete(oldest);
		return (await kept.granting).token;
	}
}
