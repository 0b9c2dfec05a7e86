import {
	ApplicationError,
	ExpressionError,
	NodeApiError,
	NodeOperationError,
	OperationalError,
	UnexpectedError,
	UserError,
	WorkflowOperationError,
} from 'n8n-workflow';

import { isN8nError } from '../../../nodes/DefenderLiveResponse/actions/n8nError';
import { someNode } from '../../support/expressions.mts';

it.each([
	new ApplicationError('x'),
	new ExpressionError('x'),
	new NodeApiError(someNode, { message: 'x' }),
	new NodeOperationError(someNode, 'x'),
	new OperationalError('x'),
	new UnexpectedError('x'),
	new UserError('x'),
	new WorkflowOperationError('x'),
])("$constructor.name is one of n8n's", (error) => {
	expect(isN8nError(error)).toBe(true);
});

it("one of another copy of n8n's library is too", () => {
	class Copied extends Error {
		level = 'error';
		tags = {};
	}
	expect(isN8nError(new Copied('x'))).toBe(true);
});

it.each([new TypeError('x'), Object.assign(new Error('x'), { code: 'ECONNRESET' }), 'x', null])(
	'%o is not',
	(error) => {
		expect(isN8nError(error)).toBe(false);
	},
);
