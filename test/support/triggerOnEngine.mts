/** Runs the trigger on n8n's own engine (n8n-core), as an active workflow and in the editor. */
import { isDeepStrictEqual } from 'node:util';

import { Container } from '@n8n/di';
import { PollContext, PollTriggerExecutor, WorkflowExecute } from 'n8n-core';
import {
	createRunExecutionData,
	Workflow,
	type IDataObject,
	type INode,
	type INodeExecutionData,
	type INodeParameters,
	type INodeTypes,
	type WorkflowActivateMode,
} from 'n8n-workflow';

import { DefenderLiveResponseTrigger } from '../../nodes/DefenderLiveResponse/DefenderLiveResponseTrigger.node';
import { additionalDataOf } from './engine.mts';
import { StoredCredential } from './storedCredential.mts';

const NODE_NAME = 'Defender Live Response Trigger';

const nodeType = new DefenderLiveResponseTrigger();
const nodeTypes: INodeTypes = {
	getByName: () => nodeType,
	getByNameAndVersion: () => nodeType,
	getKnownTypes: () => ({}),
};

interface PollError {
	name: string;
	message: string;
	description?: string | null;
	httpCode?: string | null;
}

export interface PollResult {
	/** What the workflow is started with; null when it is not. */
	items: INodeExecutionData[] | null;
	/** What n8n reports: a failed execution, and the error workflow. */
	error?: PollError;
}

export interface TriggerSetUp {
	parameters?: INodeParameters;
	credential: StoredCredential;
	/** How long n8n lets a poll take, in milliseconds; default 5 minutes. */
	budgetMs?: number;
	/**
	 * n8n's scheduler stores every poll, in one transaction with the execution if there is one; but not
	 * the poll at activation. It knows active workflows across a restart, and polls them at their time.
	 */
	durableCursors?: boolean;
}

const nodeOf = ({ parameters }: TriggerSetUp): INode => ({
	id: 'trigger-1',
	name: NODE_NAME,
	type: 'test.defenderLiveResponseTrigger',
	typeVersion: 1,
	position: [0, 0],
	parameters: { pollTimes: { item: [{ mode: 'everyMinute' }] }, ...parameters },
	credentials: { defenderLiveResponseApi: { id: 'credential-1', name: 'Contoso' } },
});

const workflowOf = (node: INode, staticData?: IDataObject) =>
	new Workflow({
		id: 'workflow-1',
		name: 'Test',
		nodes: [node],
		connections: {},
		active: true,
		nodeTypes,
		staticData,
		settings: { executionOrder: 'v1' },
	});

/** An active workflow that begins with the trigger, in an n8n with a database. */
export class TriggerOnEngine {
	/** How often the workflow was started. */
	starts = 0;
	/** What the trigger writes to n8n's log. */
	readonly warnings: string[] = [];
	/** n8n's database: the static data of the workflow, and the cursor of the node. */
	private stored = '{}';
	private cursor: IDataObject = {};
	private isScheduled = false;
	private execute: (isActivation?: boolean) => Promise<void> = async () => {};
	private emitted: INodeExecutionData[] | null = null;
	private reported: PollError | undefined;

	constructor(private setUp: TriggerSetUp) {}

	/** Publishes the workflow, or starts n8n again: what was not stored is gone. */
	async activate(
		mode: WorkflowActivateMode = 'activate',
		parameters = this.setUp.parameters,
	): Promise<PollResult> {
		this.setUp = { ...this.setUp, parameters };
		const node = nodeOf(this.setUp);
		const workflow = workflowOf(node, JSON.parse(this.stored) as IDataObject);
		const store = () => {
			if (workflow.staticData.__dataChanged !== true) return;
			this.stored = JSON.stringify(workflow.staticData);
			workflow.staticData.__dataChanged = false;
		};
		const context = this.contextOf(workflow, node, mode, store);
		this.execute = Container.get(PollTriggerExecutor).create(workflow, node, context, () => true);
		try {
			return await this.poll(!this.isScheduled);
		} finally {
			this.isScheduled = this.setUp.durableCursors === true;
			store();
		}
	}

	async restart(): Promise<PollResult> {
		return await this.activate('init');
	}

	/** What n8n's timer does. An error is thrown at activation and reported later on. */
	async poll(isActivation = false): Promise<PollResult> {
		this.emitted = null;
		this.reported = undefined;
		await this.execute(isActivation);
		return { items: this.emitted, ...(this.reported ? { error: this.reported } : {}) };
	}

	/** What is stored for the node, as text. */
	storedText(): string {
		return this.setUp.durableCursors ? JSON.stringify(this.cursor) : this.stored;
	}

	/** Puts something else in place of what is stored. */
	overwriteStored(data: IDataObject): void {
		this.stored = JSON.stringify({ [`node:${NODE_NAME}`]: data });
	}

	private contextOf(
		workflow: Workflow,
		node: INode,
		mode: WorkflowActivateMode,
		store: () => void,
	) {
		let staged: IDataObject = {};
		const commit = () => {
			if (!isDeepStrictEqual(staged, this.cursor)) this.cursor = structuredClone(staged);
		};
		const isDurable = this.setUp.durableCursors === true;
		const functions = new PollContext(
			workflow,
			node,
			additionalDataOf(this.setUp.credential, 'trigger', ''),
			'trigger',
			mode,
			([items]) => {
				this.emitted = items;
				this.starts++;
				if (isDurable) commit();
				else store();
			},
			(error) => {
				this.reported = error;
			},
			async () => {
				if (isDurable) commit();
			},
			async (poll) => {
				staged = structuredClone(this.cursor);
				return await poll();
			},
			() => (isDurable ? staged : workflow.getStaticData('node', node)),
			this.setUp.budgetMs === undefined ? undefined : () => this.setUp.budgetMs!,
		);
		functions.logger.warn = (message) => void this.warnings.push(message);
		return functions;
	}
}

export interface EditorResult {
	status: string;
	items: INodeExecutionData[];
	error?: PollError;
	/** The static data after the run. */
	staticData: IDataObject;
}

/** The editor's button on the trigger. */
export async function testInEditor(setUp: TriggerSetUp): Promise<EditorResult> {
	const node = nodeOf(setUp);
	const workflow = workflowOf(node);
	const runExecutionData = createRunExecutionData({
		executionData: {
			nodeExecutionStack: [{ node, data: { main: [[{ json: {} }]] }, source: null }],
		},
	});
	const additionalData = additionalDataOf(setUp.credential, 'manual', 'execution-1');
	const engine = new WorkflowExecute(additionalData, 'manual', runExecutionData);
	const stored = await engine.processRunExecutionData(workflow);
	const { runData, error } = stored.data.resultData;
	const task = runData[NODE_NAME]?.at(-1);
	const shown = (task?.error ?? error) as PollError | undefined;
	return {
		status: stored.status,
		items: task?.data?.main[0] ?? [],
		...(shown ? { error: shown } : {}),
		staticData: workflow.staticData,
	};
}
