import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { packageName } from './communityPackage.mts';
import { root } from './folders.mts';
import type { WorkflowFile } from './n8n/workflowFile.mts';

const folder = join(root, 'examples');

/** The names of all examples: their file names without the ending. */
export function exampleNames(): string[] {
	return readdirSync(folder)
		.filter((file) => file.endsWith('.json'))
		.map((file) => file.slice(0, -'.json'.length));
}

/** An example as it is in the file. */
export function readExample(name: string): WorkflowFile {
	return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as WorkflowFile;
}

/** The example with a script of the library in the place of the one that it carries. */
export function withLibraryScript(workflow: WorkflowFile, scriptName: string): WorkflowFile {
	const isCarrying = ({ parameters }: WorkflowFile['nodes'][number]) =>
		parameters.scriptSource === 'text';
	const nodes = workflow.nodes.map((node) =>
		isCarrying(node)
			? {
					...node,
					parameters: {
						...node.parameters,
						scriptSource: 'library',
						scriptName: { __rl: true, mode: 'id', value: scriptName },
					},
				}
			: node,
	);
	return { ...workflow, nodes };
}

/** The example with a look at its machine actions each second, where emulated devices answer soon. */
export function lookingOften(workflow: WorkflowFile): WorkflowFile {
	const waits = ({ type, parameters }: WorkflowFile['nodes'][number]) =>
		type === `${packageName}.defenderLiveResponse` && parameters.waitForCompletion === true;
	const nodes = workflow.nodes.map((node) => {
		if (!waits(node)) return node;
		const options = { ...(node.parameters.options as IDataObject), pollIntervalSeconds: 1 };
		return { ...node, parameters: { ...node.parameters, options } as INodeParameters };
	});
	return { ...workflow, nodes };
}

/** An example with other values in its node "Settings": the one place a user changes. */
export function exampleWith(
	name: string,
	settings: Record<string, string | number | boolean>,
): WorkflowFile {
	const workflow = readExample(name);
	const node = workflow.nodes.find((candidate) => candidate.name === 'Settings');
	const { assignments } = (node?.parameters.assignments ?? {}) as {
		assignments?: Array<{ name: string; value: unknown }>;
	};
	for (const [field, value] of Object.entries(settings)) {
		const assignment = assignments?.find((candidate) => candidate.name === field);
		if (assignment === undefined) throw new Error(`"${name}" has no setting "${field}"`);
		assignment.value = value;
	}
	return workflow;
}
