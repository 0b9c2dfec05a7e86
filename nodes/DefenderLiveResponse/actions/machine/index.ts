import type { Resource } from '../operation';
import * as addTag from './addTag.operation';
import * as collectInvestigationPackage from './collectInvestigationPackage.operation';
import * as get from './get.operation';
import * as getAll from './getAll.operation';
import * as isolate from './isolate.operation';
import * as release from './release.operation';
import * as removeAppRestriction from './removeAppRestriction.operation';
import * as removeTag from './removeTag.operation';
import * as restrictAppExecution from './restrictAppExecution.operation';
import * as runAntivirusScan from './runAntivirusScan.operation';
import * as stopAndQuarantineFile from './stopAndQuarantineFile.operation';

export const machine: Resource = {
	displayName: 'Device',
	resource: 'machine',
	defaultOperation: 'get',
	operations: {
		get,
		getAll,
		isolate,
		release,
		runAntivirusScan,
		restrictAppExecution,
		removeAppRestriction,
		stopAndQuarantineFile,
		collectInvestigationPackage,
		addTag,
		removeTag,
	},
};
