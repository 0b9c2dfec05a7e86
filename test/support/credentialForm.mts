import type { ICredentialType } from 'n8n-workflow';

/** The fields of a cloud that is not Microsoft's public one, filled in. */
export const customCloud = {
	cloud: 'custom',
	loginUrl: 'https://login.example.org',
	apiUrl: 'http://127.0.0.1:4010/api',
	resource: 'https://api.securitycenter.microsoft.com',
	downloadHosts: '127.0.0.1:10000',
};

/** `name: type` of everything that a saved credential has, in alphabetical order. */
export const savedFields = ({ properties }: ICredentialType): string[] =>
	properties
		.filter(({ type }) => type !== 'notice')
		.map(({ name, type }) => `${name}: ${type}`)
		.sort();
