import { jsonAnswer, type Answer } from '../http/answer.mts';
import { actionEntity, type ActionRecord } from '../tenant/machineAction.mts';
import { contextOf } from './route.mts';

/** A machine action as the answer to a call. */
export function actionAnswer(status: number, action: ActionRecord): Answer {
	return jsonAnswer(status, {
		'@odata.context': contextOf('MachineActions/$entity'),
		...actionEntity(action),
	});
}
