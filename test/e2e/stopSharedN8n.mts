import { sharedN8n } from './sharedN8n.mts';

export default async function stopSharedN8n(): Promise<void> {
	await sharedN8n.running()?.stop();
}
