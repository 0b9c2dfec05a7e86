import type { INodeProperties } from 'n8n-workflow';

import { libraryFileLocator } from '../../descriptions/libraryFile';
import { optionsCollection } from '../../descriptions/options';
import { deleteLibraryFile } from '../../api/libraryFiles';
import { valueLocatedBy } from '../../inputs/locator';
import { nodeError } from '../../inputs/nodeErrors';
import type { ItemContext } from '../../transport/itemContext';
import type { Operation } from '../operation';

export const entry: Operation['entry'] = {
	name: 'Delete',
	action: 'Delete library file',
	description: 'Remove a file from the live response library',
};

const file: INodeProperties = {
	...libraryFileLocator('libraryFileName', 'Library File'),
	description: 'The file to remove from the library',
};

export const fields: Operation['fields'] = [file, optionsCollection()];

/** https://learn.microsoft.com/en-us/defender-endpoint/api/delete-library */
export async function execute(context: ItemContext) {
	const fileName = valueLocatedBy(context, file);
	assertNameOfSomeFile(context, fileName);
	await deleteLibraryFile(await context.connection(), fileName);
	return [{ json: { deleted: true, fileName } }];
}

/** Less strict than for an upload: files that came from elsewhere can be removed as well. */
function assertNameOfSomeFile(context: ItemContext, fileName: string): void {
	const isName = fileName !== '' && !/[/\\\p{Cc}\p{Cs}]/u.test(fileName) && !/^\.+$/.test(fileName);
	if (isName) return;
	throw nodeError(context.functions.getNode(), 'invalidInput', {
		message:
			fileName === '' ? "'Library File' is empty" : "'Library File' is not the name of a file",
		itemIndex: context.itemIndex,
		description: 'Enter the name in the library, such as triage.ps1, without a path.',
	});
}
