import type { IExecuteFunctions } from 'n8n-workflow';

import { CANCELED, nodeError } from '../inputs/nodeErrors';
import { systemClock } from '../limits/clock';
import { stoppedExecution, type WasStopped } from '../transport/stoppedExecution';
import type { N8nError } from './n8nError';

/**
 * The end of a node run before all of its items were served: the execution was stopped, or an item was
 * rejected and nothing is done with the others. Whatever waits then ends, and nothing more is started.
 */
export class RunEnd {
	private readonly own = new AbortController();
	private failure: { itemIndex: number; error: N8nError } | undefined;
	readonly signal: AbortSignal;
	/** Whether Stop was pressed where n8n does not abort the signal. */
	readonly wasStopped: WasStopped;

	constructor(private readonly functions: IExecuteFunctions) {
		const execution = functions.getExecutionCancelSignal();
		this.signal = AbortSignal.any([this.own.signal, ...(execution ? [execution] : [])]);
		const wasStopped = stoppedExecution(functions, systemClock);
		this.wasStopped = async (call) => (await wasStopped(call)) && this.stopped();
	}

	/** What the node fails with: the first item that was rejected, when that is no item itself. */
	get error(): N8nError | undefined {
		return this.failure?.error;
	}

	/** Nothing that comes now changes what the node fails with. */
	get isDecided(): boolean {
		return this.own.signal.aborted;
	}

	/** Further items are of use when the rejected one becomes an item, or when n8n will try again. */
	rejected(itemIndex: number, error: N8nError): void {
		if (this.functions.continueOnFail() || this.own.signal.aborted) return;
		if (!this.failure || itemIndex < this.failure.itemIndex) this.failure = { itemIndex, error };
		if (this.functions.getNode().retryOnFail !== true) this.own.abort();
	}

	private stopped(): true {
		if (!this.own.signal.aborted)
			this.failure = { itemIndex: 0, error: stoppedError(this.functions) };
		this.own.abort();
		return true;
	}
}

export const stoppedError = (functions: IExecuteFunctions) =>
	nodeError(functions.getNode(), 'canceled', { message: CANCELED });

const MOST_NAMED = 20;

/** Names the machine actions that go on although the node has failed. */
export function nameStarted(error: N8nError, started: ReadonlySet<string>): void {
	if (started.size === 0) return;
	const named = [...started].slice(0, MOST_NAMED).join(', ');
	const more = started.size > MOST_NAMED ? ` and ${started.size - MOST_NAMED} more` : '';
	const before = error.description ? `${error.description} ` : '';
	error.description = `${before}Started before in this run: machine action ${named}${more}. What has not ended goes on: 'Get' of the resource 'Machine Action' shows it. Nothing else was started.`;
}
