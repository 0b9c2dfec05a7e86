import type { IDataObject, INodeExecutionData, IRun, NodeExecutionHint } from 'n8n-workflow';

/** An execution as n8n's public API gives it with its data. */
export interface StoredExecution {
	readonly id: string;
	readonly status: IRun['status'];
	/** What started it: `manual` for the editor, `trigger` for an active workflow. */
	readonly mode: IRun['mode'];
	readonly startedAt: string;
	readonly stoppedAt: string | null;
	readonly data: IRun['data'];
}

/** What a workflow run left in n8n's database, by node name. */
export class FinishedExecution {
	readonly id: string;
	readonly status: IRun['status'];
	/** From n8n's own clock: the start of the first node to the end of the last. */
	readonly milliseconds: number;
	/** The message of the error that ended the execution. */
	readonly errorMessage: string | undefined;
	readonly stored: StoredExecution;

	constructor(stored: StoredExecution) {
		this.id = stored.id;
		this.status = stored.status;
		this.milliseconds = Date.parse(stored.stoppedAt ?? '') - Date.parse(stored.startedAt);
		this.errorMessage = stored.data.resultData.error?.message;
		this.stored = stored;
	}

	/** The items of one output (0: the first) of the node's last run. */
	items(nodeName: string, output = 0): INodeExecutionData[] {
		return this.stored.data.resultData.runData[nodeName]?.at(-1)?.data?.main[output] ?? [];
	}

	/** The items' json alone. */
	json(nodeName: string, output = 0): IDataObject[] {
		return this.items(nodeName, output).map((item) => item.json);
	}

	/** The hints the node's last run shows in the editor. */
	hints(nodeName: string): NodeExecutionHint[] {
		return this.stored.data.resultData.runData[nodeName]?.at(-1)?.hints ?? [];
	}
}
