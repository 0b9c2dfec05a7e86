import type { IBinaryData, IDataObject } from 'n8n-workflow';

import { inputBinaryField } from '../../descriptions/binaryFields';
import { optionsCollection } from '../../descriptions/options';
import { uploadOptions } from '../../descriptions/upload';
import { isLibraryFileName, LARGEST_LIBRARY_FILE_BYTES } from '../../domain/libraryFile';
import type { RefusalCode } from '../../domain/refusalCode';
import { uploadLibraryFile } from '../../api/libraryFiles';
import { inputFileOf } from '../../inputs/binaryField';
import { booleanOf } from '../../inputs/boolean';
import { fieldNamed, inOptions } from '../../inputs/field';
import { nodeError, type ErrorText } from '../../inputs/nodeErrors';
import { textOf } from '../../inputs/text';
import type { ItemContext } from '../../transport/itemContext';
import type { Operation } from '../operation';

export const entry: Operation['entry'] = {
	name: 'Upload',
	action: 'Upload library file',
	description: 'Add a script or another file to the live response library',
};

export const fields: Operation['fields'] = [inputBinaryField, optionsCollection(uploadOptions)];

/** https://learn.microsoft.com/en-us/defender-endpoint/api/upload-library */
export async function execute(context: ItemContext) {
	const { functions, itemIndex } = context;
	const field = inputFileOf(context);
	const about = aboutFile(context);
	const file = functions.helpers.assertBinaryData(itemIndex, field);
	const fileName = fileNameOf(context, file);
	assertSize(context, await sizeOf(context, file));
	const content = await functions.helpers.getBinaryDataBuffer(itemIndex, field);
	assertSize(context, content.length);

	const connection = await context.connection();
	const uploaded = await uploadLibraryFile(connection, { fileName, content, ...about });
	return [{ json: withoutContext(uploaded as unknown as IDataObject) }];
}

const optionNamed = (name: string) => inOptions(fieldNamed(uploadOptions, name));

function aboutFile(context: ItemContext) {
	const parametersDescription = textOf(context, optionNamed('parametersDescription'));
	const hasParameters = booleanOf(context, optionNamed('hasParameters'));
	return {
		description: textOf(context, optionNamed('description')),
		hasParameters: hasParameters || parametersDescription !== '',
		parametersDescription,
		overwrite: booleanOf(context, optionNamed('overwrite')),
	};
}

function fileNameOf(context: ItemContext, file: IBinaryData): string {
	const given = textOf(context, optionNamed('fileName'));
	const fileName = given || (file.fileName ?? '').trim();
	if (isLibraryFileName(fileName)) return fileName;
	const message =
		fileName === ''
			? 'The file has no name'
			: 'The file name has characters that live response does not accept';
	throw nodeError(context.functions.getNode(), 'invalidInput', {
		message,
		itemIndex: context.itemIndex,
		description: `${fileName === '' ? '' : `It is '${fileName}'. `}Use letters, digits, hyphens, underscores and dots only: a script with a space in its name, for example, cannot be run. The option 'File Name' sets another name.`,
	});
}

/** The size as n8n's store knows it, so that a huge file is not read only to be refused. */
async function sizeOf(context: ItemContext, file: IBinaryData): Promise<number> {
	if (!file.id) return Buffer.byteLength(file.data, 'base64');
	return (await context.functions.helpers.getBinaryMetadata(file.id)).fileSize;
}

function assertSize(context: ItemContext, bytes: number): void {
	if (bytes > 0 && bytes <= LARGEST_LIBRARY_FILE_BYTES) return;
	const { code, ...text }: ErrorText & { code: RefusalCode } =
		bytes > 0
			? {
					code: 'fileTooLarge',
					message: 'The file is larger than the 20 MB that the API takes',
					description:
						'Compress it, let a script on the device fetch it from elsewhere, or upload it in the Defender portal, which takes larger files.',
				}
			: {
					code: 'invalidInput',
					message: 'The file is empty',
					description: 'The library takes no empty files. Check the node that provides the file.',
				};
	throw nodeError(context.functions.getNode(), code, { ...text, itemIndex: context.itemIndex });
}

function withoutContext(entity: IDataObject): IDataObject {
	return Object.fromEntries(Object.entries(entity).filter(([name]) => !name.startsWith('@odata.')));
}
