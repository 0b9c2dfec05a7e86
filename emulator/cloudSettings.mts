/**
 * How the API writes an error:
 * - `documented`: `{ error: { code, message, target } }`, the target a GUID
 * - `emptyCode`: the code is an empty text, only the words say what is wrong
 * - `numericCode`: the code repeats the HTTP status, as text
 * - `activityTarget`: the target is of the form `|a1b2c3d4-0123456789abcdef.`
 * - `gateway`: a gateway's `{ statusCode, message }`, with the gateway's words
 * - `rotating`: all of these in turn, one error after the other
 */
export type ErrorBodyForm =
	'documented' | 'emptyCode' | 'numericCode' | 'activityTarget' | 'gateway' | 'rotating';

/** How the API writes what it answers. */
export interface AnswerSettings {
	errorBody: ErrorBodyForm;
	/** `errors`, `params` and `commands` without entries: an empty list, or null. */
	emptyCollections: 'list' | 'null';
	/** The link to an investigation package stands in quotes within the text, as in Microsoft's sample, or bare. */
	packageLink: 'quoted' | 'bare';
}

/** How the API finds devices. */
export interface DeviceLookupSettings {
	/** So many starts on each device, and so many readings of it, are a 404 that passes. */
	passingNotFound: number;
	/** What a search that finds no device is answered with: an empty list, or 404. */
	noDevices: 'list' | 'notFound';
	/** Whether it is told beforehand which actions a device takes. Only the service's metadata has that call. */
	availableActions: boolean;
}

/** What Contoso has beside its plain devices and actions. Read once, when the emulator starts. */
export interface ContosoSettings {
	/** Past actions in forms that no page shows. */
	oddActions: boolean;
	/** Further entries under the names of its devices, and entries that are no longer what they seem. */
	sharedNames: boolean;
}

/** How Entra signs applications in. */
export interface SignInSettings {
	/** The first so many tokens carry no permissions although they have consent. */
	tokensWithoutRoles: number;
}

/** Settings of what users of the cloud have met and no page says. */
export interface CloudSettings {
	answers: AnswerSettings;
	deviceLookup: DeviceLookupSettings;
	contoso: ContosoSettings;
	signIn: SignInSettings;
}

/** Each group may be given in part. */
export type CloudSettingsOptions = {
	[Group in keyof CloudSettings]?: Partial<CloudSettings[Group]>;
};

/** A cloud that does what its pages say. */
export const documentedCloud: CloudSettings = {
	answers: { errorBody: 'documented', emptyCollections: 'list', packageLink: 'quoted' },
	deviceLookup: { passingNotFound: 0, noDevices: 'list', availableActions: true },
	contoso: { oddActions: false, sharedNames: false },
	signIn: { tokensWithoutRoles: 0 },
};
