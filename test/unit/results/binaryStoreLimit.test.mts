import { FileTooLargeError } from 'n8n-core';

import type { NodeContext } from '../../../nodes/DefenderLiveResponse/inputs/nodeContext';
import {
	BinaryStoreLimit,
	rejectedAsTooLarge,
} from '../../../nodes/DefenderLiveResponse/results/binaryStoreLimit';

const MEGABYTE = 1024 * 1024;

/** n8n in a binary data mode, as it answers `prepareBinaryData`. */
function n8nIn(id: string | undefined) {
	const prepareBinaryData = jest.fn(
		async () => await Promise.resolve({ id, data: '', mimeType: '' }),
	);
	const functions = { helpers: { prepareBinaryData }, getNode: () => ({ name: 'node' }) };
	const context = { functions, itemIndex: 3 } as unknown as NodeContext;
	return { context, limit: new BinaryStoreLimit(context), prepareBinaryData };
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

	it('is known in the database once n8n has rejected a file', async () => {
		const { limit, context } = n8nIn('database:1');
		await limit.check(513 * MEGABYTE);
		const size = { fileSizeMb: 513, maxFileSizeMb: 512, fileId: '1' };
		expect(rejectedAsTooLarge(context, new FileTooLargeError(size))).toMatchObject({
			message: "The result file is larger than n8n's binary data mode can store",
			description: expect.stringContaining(
				"mode 'database', which takes 512 MB at most. Set N8N_DEFAULT_BINARY_DATA_MODE to 'filesystem' or 's3', or N8N_BINARY_DATA_DATABASE_MAX_FILE_SIZE to up to 1024",
			),
			context: { itemIndex: 3 },
		});
		await expect(n8nIn('database:1').limit.check(513 * MEGABYTE)).rejects.toThrow();
	});

	it('is not what else may have gone wrong', () => {
		const { context } = n8nIn('database:1');
		for (const thrown of [new Error('ENOSPC'), undefined, 'exceeds'])
			expect(rejectedAsTooLarge(context, thrown)).toBeNull();
	});
});
