/** A device, file or machine action by its id or an expression for it, as n8n stores a resource locator. */
export const byId = (value: string) => ({ __rl: true, mode: 'id', value });
