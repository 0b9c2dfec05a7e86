import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

/** By the fields of an item, which are kept with it over the tries of Retry On Fail. */
const tenants = new WeakMap<IDataObject, string>();

export function noteTenant(
	items: readonly INodeExecutionData[],
	tenantId: string | undefined,
): void {
	if (tenantId === undefined) return;
	for (const { json } of items) tenants.set(json, tenantId);
}

/**
 * The items of a node run, each with its `tenantId` when they come from several tenants. Of a rejected
 * item it stands in `details`: n8n's error output takes no other fields beside it.
 */
export function withTenants(items: INodeExecutionData[]): INodeExecutionData[] {
	const noted = items.map(({ json }) => tenants.get(json)?.toLowerCase());
	if (new Set(noted.filter((tenant) => tenant !== undefined)).size < 2) return items;
	return items.map((item) => {
		const tenantId = tenants.get(item.json);
		return tenantId === undefined ? item : { ...item, json: withTenant(item.json, tenantId) };
	});
}

function withTenant(json: IDataObject, tenantId: string): IDataObject {
	const { error, details } = json;
	return typeof error === 'string' && typeof details === 'object' && details !== null
		? { error, details: { ...details, tenantId } }
		: { ...json, tenantId };
}
