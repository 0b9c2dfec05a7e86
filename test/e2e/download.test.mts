import { createHash } from 'node:crypto';

import { contosoActions } from '../../emulator/emulator.mts';
import { nodeName, openTestBed, resultParameters, type TestBed } from './testBed.mts';

describe('a workflow that downloads a file a device has sent', () => {
	let testBed: TestBed;

	beforeAll(async () => {
		testBed = await openTestBed();
	});

	afterAll(async () => await testBed.stop());

	it('puts the unpacked file into the binary field, with its name and hash in the item', async () => {
		const execution = await testBed.run({
			items: [{ machineActionId: contosoActions.getFile }],
			parameters: resultParameters('download', { binaryPropertyName: 'file' }),
		});

		const content = Buffer.from('Grüße aus Zürich\r\n');
		const [item] = execution.items(nodeName);
		expect(item.json).toMatchObject({
			fileName: 'notes.txt',
			fileSize: content.length,
			sha256: createHash('sha256').update(content).digest('hex'),
		});
		expect(item.binary).toMatchObject({ file: { fileName: 'notes.txt' } });
		expect(await testBed.client.binary(item.binary?.file.id ?? '')).toEqual(content);
	});

	it('keeps the link and its signature out of what n8n stores with the file', async () => {
		const execution = await testBed.run({
			items: [{ machineActionId: contosoActions.getFile }],
			parameters: resultParameters('download'),
		});

		expect(execution.status).toBe('success');
		expect(JSON.stringify(execution.stored)).not.toMatch(/sig=|investigation-actions-data/);
	});
});
