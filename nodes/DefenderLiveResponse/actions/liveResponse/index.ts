import type { Resource } from '../operation';
import * as getFile from './getFile.operation';
import * as putFile from './putFile.operation';
import * as runCommands from './runCommands.operation';
import * as runScript from './runScript.operation';

export const liveResponse: Resource = {
	displayName: 'Live Response',
	resource: 'liveResponse',
	defaultOperation: 'runScript',
	operations: { runScript, getFile, putFile, runCommands },
};
