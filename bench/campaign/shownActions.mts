import { actionEntity, isFinal, type ActionRecord } from '../../emulator/tenant/machineAction.mts';
import type { MachineActions } from '../../emulator/tenant/machineActions.mts';

/** Machine actions as the API shows them; one that has ended does not change any more. */
export class ShownActions {
	readonly #ended = new WeakMap<ActionRecord, object>();

	/** All of a tenant that lists have by now, in milliseconds since 1970. */
	listed(actions: MachineActions, now: number): object[] {
		actions.settle();
		return actions.all
			.filter(({ listedAt }) => listedAt <= now)
			.map((action) => this.#ended.get(action) ?? this.#show(action));
	}

	#show(action: ActionRecord): object {
		const entity = actionEntity(action);
		if (isFinal(action.status)) this.#ended.set(action, entity);
		return entity;
	}
}
