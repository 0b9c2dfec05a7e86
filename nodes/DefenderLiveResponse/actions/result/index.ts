import type { Resource } from '../operation';
import * as download from './download.operation';
import * as getLink from './getLink.operation';
import * as parseTranscript from './parseTranscript.operation';

export const result: Resource = {
	displayName: 'Result',
	resource: 'result',
	defaultOperation: 'parseTranscript',
	operations: { parseTranscript, download, getLink },
};
