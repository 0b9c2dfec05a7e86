import type { CloudSettingsOptions } from './cloudSettings.mts';

/** Of everything that users of the cloud have met and no page says, the answer that hurts. */
export const harshCloud: CloudSettingsOptions = {
	answers: { errorBody: 'rotating', emptyCollections: 'null', packageLink: 'bare' },
	deviceLookup: { passingNotFound: 1, noDevices: 'notFound', availableActions: false },
	contoso: { oddActions: true, sharedNames: true },
	signIn: { tokensWithoutRoles: 1 },
};
