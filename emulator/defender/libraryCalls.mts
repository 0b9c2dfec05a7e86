import { emptyAnswer, jsonAnswer, type Answer } from '../http/answer.mts';
import { behaviourOf, isSigned } from '../tenant/uploadedScript.mts';
import { apiError } from './apiError.mts';
import { readForm } from './multipartForm.mts';
import { permissions } from './permissions.mts';
import { contextOf, type ApiContext, type Call, type Route } from './route.mts';

const maxFileSize = 20 * 1024 * 1024;
const fieldNames = ['Description', 'ParametersDescription', 'HasParameters', 'OverrideIfExists'];

export const libraryRoutes: Route[] = [
	{ method: 'GET', path: /^\/libraryfiles$/, permission: permissions.library, handle: list },
	{
		method: 'POST',
		path: /^\/libraryfiles$/,
		permission: permissions.library,
		kind: 'upload',
		handle: upload,
	},
	{
		method: 'DELETE',
		path: /^\/libraryfiles\/([^/]+)$/,
		permission: permissions.library,
		handle: remove,
	},
];

function list({ tenant }: ApiContext): Answer {
	return jsonAnswer(200, {
		'@odata.context': contextOf('LibraryFiles'),
		value: tenant.library.all,
	});
}

/** https://learn.microsoft.com/defender-endpoint/api/upload-library */
async function upload({ tenant }: ApiContext, { incoming, caller }: Call): Promise<Answer> {
	const form = await readForm(incoming);
	if (form === undefined) {
		return apiError(400, 'InvalidRequestBody', 'The request body is not multipart/form-data.');
	}
	const unknown = [...form.fields.keys()].find((name) => !fieldNames.includes(name));
	if (unknown !== undefined) return badRequest(`The field '${unknown}' is not known.`);
	const [file, another] = form.files;
	if (file === undefined) return apiError(400, 'MissingRequiredParameter', "'file' is required.");
	if (another !== undefined || file.field !== 'file') {
		return badRequest("There must be one file, in the field 'file'.");
	}
	if (!/^[A-Za-z0-9._-]+$/.test(file.fileName)) {
		return badRequest('A file name may have letters, digits, hyphens, underscores and dots only.');
	}
	if (file.content.length === 0) return badRequest('The file is empty.');
	if (file.content.length > maxFileSize) return badRequest('The file is larger than 20 MB.');
	const flags = ['HasParameters', 'OverrideIfExists'].map((name) => form.fields.get(name));
	if (flags.some((flag) => flag !== undefined && !/^(true|false)$/i.test(flag))) {
		return badRequest("'HasParameters' and 'OverrideIfExists' must be true or false.");
	}
	const [hasParameters, override] = flags.map((flag) => flag?.toLowerCase() === 'true');
	const existing = tenant.library.get(file.fileName);
	if (existing !== undefined && !override) {
		return badRequest(`A file named '${file.fileName}' exists already.`);
	}
	const entity = tenant.library.add({
		fileName: file.fileName,
		content: file.content,
		description: form.fields.get('Description') ?? null,
		parametersDescription: form.fields.get('ParametersDescription') ?? null,
		hasParameters,
		createdBy: caller.name,
		isSigned: isSigned(file.content),
		behaviour: existing?.behaviour ?? behaviourOf(file.fileName, file.content),
	});
	return jsonAnswer(200, { '@odata.context': contextOf('LibraryFiles/$entity'), ...entity });
}

function remove({ tenant }: ApiContext, { params: [fileName] }: Call): Answer {
	return tenant.library.delete(fileName)
		? emptyAnswer(204)
		: apiError(404, 'ResourceNotFound', `Library file ${fileName} was not found.`);
}

function badRequest(message: string): Answer {
	return apiError(400, 'BadRequest', message);
}
