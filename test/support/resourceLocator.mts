/** A device, file or machine action by its id, as n8n stores a resource locator. */
export const byId = (value: string) => ({ __rl: true, mode: 'id', value });
