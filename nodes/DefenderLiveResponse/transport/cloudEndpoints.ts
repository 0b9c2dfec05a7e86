/** Where one Defender cloud is reached. URLs have no trailing slash. */
export interface CloudEndpoints {
	/** Origin of the sign-in authority. */
	loginUrl: string;
	/** Origin of the Defender API followed by `/api`. */
	apiUrl: string;
	/** What a token is asked for: `<resource>/.default`. The audience does not follow the API host. */
	resource: string;
	/** Hosts that may serve result files: an exact `host[:port]`, or a suffix that starts with a dot. */
	downloadHosts: readonly string[];
	/** Which hosts may serve investigation packages: Microsoft names them for the global cloud only. */
	packageHosts: 'userRequests' | 'none' | 'asDownloadHosts';
	/** Whether the result files are in Azure Storage, which marks its answers with `x-ms-…` headers. */
	azureStorage: boolean;
}

/** The credential's cloud fields as n8n hands them over: nothing is known about their types yet. */
export type CloudSettings = {
	readonly [
		Field in
			'cloud' | 'region' | 'loginUrl' | 'apiUrl' | 'resource' | 'downloadHosts' | 'azureStorage'
	]?: unknown;
};

/** `message` is for the user: static text that names the field and says how to go on. */
export type EndpointsOutcome =
	| { kind: 'endpoints'; endpoints: CloudEndpoints }
	| { kind: 'invalid'; field: string; message: string };

/** A text without the spaces around it; empty for what is none. */
export function textOf(value: unknown): string {
	return typeof value === 'string' ? value.trim() : '';
}

export function invalid(field: string, message: string): EndpointsOutcome {
	return { kind: 'invalid', field, message };
}
