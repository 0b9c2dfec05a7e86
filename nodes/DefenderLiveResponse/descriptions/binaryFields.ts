/** Where a file comes from among the fields of an item, and where one is put. */
import type { INodeProperties } from 'n8n-workflow';

const binaryField = {
	name: 'binaryPropertyName',
	type: 'string',
	default: 'data',
	required: true,
	placeholder: 'e.g. data',
} satisfies Partial<INodeProperties>;

export const inputBinaryField: INodeProperties = {
	displayName: 'Input Data Field Name',
	...binaryField,
	hint: 'The name of the input field that contains the file',
};

export const outputBinaryField: INodeProperties = {
	displayName: 'Put Output File in Field',
	...binaryField,
	hint: 'The name of the output field to put the file in',
};
