import { jsonAnswer, type Answer } from '../http/answer.mts';
import { investigationPackage } from '../tenant/investigationPackage.mts';
import type { ActionRecord } from '../tenant/machineAction.mts';
import { apiError } from './apiError.mts';
import { contextOf, type ApiContext } from './route.mts';

/** The answer to the call for the link to the package of an action that the API shows. */
export async function packageUri(
	{ clock, results, settings, tenant }: ApiContext,
	action: ActionRecord,
): Promise<Answer> {
	const device = tenant.machines.get(action.machineId);
	const isThere =
		action.type === 'CollectInvestigationPackage' &&
		action.status === 'Succeeded' &&
		action.linksVisibleAt <= clock.now();
	if (!isThere || device === undefined) {
		const message = `There is no package of action ${action.id}.`;
		return settings.missingResult.package === 'notFound'
			? apiError(404, 'ResourceNotFound', message)
			: apiError(400, 'InvalidInput', message);
	}
	action.package ??= results.put(investigationPackage(device), 'WDATP_Investigation_Package.zip');
	await action.package.ready;
	const link = results.link(action.package, settings.linkLifetimeSeconds);
	return jsonAnswer(200, {
		'@odata.context': contextOf('Edm.String'),
		value: settings.answers.packageLink === 'quoted' ? `"${link}"` : link,
	});
}
