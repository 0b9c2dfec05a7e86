import type { NodeContext } from '../../../nodes/DefenderLiveResponse/inputs/nodeContext';
import { BinaryStoreLimit } from '../../../nodes/DefenderLiveResponse/results/binaryStoreLimit';

const MEGABYTE = 1024 * 1024;

/** n8n in a binary data mode, as it answers `prepareBinaryData`. */
function n8nIn(id: string | undefined) {
	const prepareBinaryData = jest.fn(
		async () => await Promise.resolve({ id, data: '', mimeType: '' }),
	);
	const functions = { helpers: { prepareBinaryData }, getNode: () => ({ name: 'node' }) };
	const limit = new BinaryStoreLimit({ functions, itemIndex: 3 } as unknown as NodeContext);
	return { limit, prepareBinaryData };
}

describe('how much n8n can store', () => {
	it.each([
		['in memory', undefined, 383, "mode 'default', which takes 383 MB"],
		['in the database', 'database:1', 1024, "mode 'database', which takes 1024 MB"],
	])('%s ends before more is fetched', async (_where, id, most, words) => {
		const { limit } = n8nIn(id);
		await limit.check(most * MEGABYTE);
		await expect(limit.check(most * MEGABYTE + 1)).rejects.toMatchObject({
			message: "The result file is larger than n8n's binary data mode can store",
			description: expect.stringContaining(words),
			context: { itemIndex: 3 },
		});
	});

	it.each(['filesystem-v2:1', 's3:1', 'azure:1'])('has no end in %s', async (id) => {
		await expect(n8nIn(id).limit.check(3072 * MEGABYTE)).resolves.toBeUndefined();
	});

	it('is asked once, and for large files only', async () => {
		const { limit, prepareBinaryData } = n8nIn('filesystem-v2:1');
		await limit.check(383 * MEGABYTE);
		expect(prepareBinaryData).not.toHaveBeenCalled();
		await limit.check(384 * MEGABYTE);
		await limit.check(385 * MEGABYTE);
		expect(prepareBinaryData).toHaveBeenCalledTimes(1);
	});
});
