import { type IDataObject } from 'n8n-workflow';

import { optionsCollection } from '../../descriptions/options';
import { limit, returnAll } from '../../descriptions/response';
import { listLibraryFiles } from '../../api/libraryFiles';
import { limitOf } from '../../inputs/limit';
import type { ItemContext } from '../../transport/itemContext';
import type { Operation } from '../operation';

export const entry: Operation['entry'] = {
	name: 'Get Many',
	action: 'Get many library files',
	description: 'List the scripts and files of the live response library',
};

export const fields: Operation['fields'] = [returnAll, limit, optionsCollection()];

/** https://learn.microsoft.com/en-us/defender-endpoint/api/list-library-files */
export async function execute(context: ItemContext) {
	const limit = limitOf(context);
	const files = await listLibraryFiles(await context.connection(), limit);
	return files.map((file) => ({ json: file as unknown as IDataObject }));
}
