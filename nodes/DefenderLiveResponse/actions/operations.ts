/** Every operation of the node, by resource and operation value. */
import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';

import * as liveResponseGetFile from './liveResponse/getFile.operation';
import * as liveResponsePutFile from './liveResponse/putFile.operation';
import * as liveResponseRunCommands from './liveResponse/runCommands.operation';
import * as liveResponseRunScript from './liveResponse/runScript.operation';
import * as libraryFileDelete from './libraryFile/delete.operation';
import * as libraryFileGetAll from './libraryFile/getAll.operation';
import * as libraryFileUpload from './libraryFile/upload.operation';
import * as machineGet from './machine/get.operation';
import * as machineGetAll from './machine/getAll.operation';
import * as machineActionCancel from './machineAction/cancel.operation';
import * as machineActionGet from './machineAction/get.operation';
import * as machineActionGetAll from './machineAction/getAll.operation';
import * as machineActionWait from './machineAction/wait.operation';
import type { Operation } from './operation';
import * as resultDownload from './result/download.operation';
import * as resultGetLink from './result/getLink.operation';
import * as resultParseTranscript from './result/parseTranscript.operation';

export const operations: Record<string, Record<string, Operation>> = {
	libraryFile: {
		delete: libraryFileDelete,
		getAll: libraryFileGetAll,
		upload: libraryFileUpload,
	},
	liveResponse: {
		getFile: liveResponseGetFile,
		putFile: liveResponsePutFile,
		runCommands: liveResponseRunCommands,
		runScript: liveResponseRunScript,
	},
	machine: { get: machineGet, getAll: machineGetAll },
	machineAction: {
		cancel: machineActionCancel,
		get: machineActionGet,
		getAll: machineActionGetAll,
		wait: machineActionWait,
	},
	result: {
		download: resultDownload,
		getLink: resultGetLink,
		parseTranscript: resultParseTranscript,
	},
};

/** Expressions and AI tools can name an operation that the editor would not offer. */
export function findOperation(
	functions: IExecuteFunctions,
	resource: unknown,
	operation: unknown,
): Operation {
	const found = own(own(operations, resource), operation);
	if (found) return found;
	throw new NodeOperationError(
		functions.getNode(),
		"This combination of 'Resource' and 'Operation' does not exist",
		{ description: 'Choose a resource from the list, then one of its operations.' },
	);
}

function own<T>(record: Record<string, T> | undefined, key: unknown): T | undefined {
	if (record === undefined || typeof key !== 'string') return undefined;
	return Object.prototype.hasOwnProperty.call(record, key) ? record[key] : undefined;
}
