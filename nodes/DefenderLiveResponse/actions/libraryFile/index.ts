import type { Resource } from '../operation';
import * as remove from './delete.operation';
import * as getAll from './getAll.operation';
import * as upload from './upload.operation';

export const libraryFile: Resource = {
	displayName: 'Library File',
	resource: 'libraryFile',
	defaultOperation: 'getAll',
	operations: { delete: remove, getAll, upload },
};
