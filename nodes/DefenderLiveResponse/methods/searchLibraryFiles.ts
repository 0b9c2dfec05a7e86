import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { listLibraryFiles } from '../api/libraryFiles';
import { assertNotEmpty, openForList } from './listPage';

/**
 * The files of the library by a part of their name or description. The API can neither search nor
 * page them, so all of them are fetched and searched here.
 */
export async function searchLibraryFiles(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	const connection = await openForList(this);
	const files = await listLibraryFiles(connection);
	assertNotEmpty(connection, files, {
		message: 'The live response library is empty',
		description:
			"Add a script with the operation 'Upload' of the resource 'Library File'; or, in the Defender portal, start a live response session on a device and choose 'Upload file to library'.",
	});
	const wanted = filter?.trim().toLowerCase() ?? '';
	const results = files
		.filter(({ fileName, description }) =>
			`${fileName}\n${description ?? ''}`.toLowerCase().includes(wanted),
		)
		.sort((a, b) => a.fileName.localeCompare(b.fileName, 'en'))
		.map(({ fileName }) => ({ name: fileName, value: fileName }));
	return { results };
}
