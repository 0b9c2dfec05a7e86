import { NodeOperationError, updateDisplayOptions } from 'n8n-workflow';

import { libraryFileLocator } from '../../descriptions/libraryFile';
import { optionsCollection } from '../../descriptions/options';
import { deleteLibraryFile } from '../../api/libraryFiles';
import { locatorParameter, type ItemContext, type Operation } from '../operation';

export const description: Operation['description'] = updateDisplayOptions(
	{ show: { resource: ['libraryFile'], operation: ['delete'] } },
	[
		{
			...libraryFileLocator('libraryFileName', 'Library File'),
			description: 'The file to remove from the library',
		},
		optionsCollection([]),
	],
);

/** https://learn.microsoft.com/en-us/defender-endpoint/api/delete-library */
export async function execute(context: ItemContext) {
	const fileName = locatorParameter(context, 'libraryFileName');
	assertNameOfSomeFile(context, fileName);
	await deleteLibraryFile(await context.connection(), fileName);
	return [{ json: { deleted: true, fileName } }];
}

/** Less strict than for an upload: files that came from elsewhere can be removed as well. */
function assertNameOfSomeFile(context: ItemContext, fileName: string): void {
	const isName = fileName !== '' && !/[/\\\p{Cc}\p{Cs}]/u.test(fileName) && !/^\.+$/.test(fileName);
	if (isName) return;
	throw new NodeOperationError(
		context.functions.getNode(),
		fileName === '' ? "'Library File' is empty" : "'Library File' is not the name of a file",
		{
			itemIndex: context.itemIndex,
			description: 'Enter the name in the library, such as triage.ps1, without a path.',
		},
	);
}
