/** What the node and the credential can say to a user, read from their sources. */
import path from 'node:path';

import ts from 'typescript';

export interface SourceMessage {
	/** The text, with `…` for every part that is known only at run time. */
	text: string;
	/** File and line. */
	where: string;
}

const ROOT = path.join(import.meta.dirname, '../..');
const VARIABLE = '…';

/** Functions of n8n and classes that take a text for the user as the argument of this index. */
const MESSAGE_ARGUMENT: Record<string, number> = {
	UserError: 0,
	hint: 0,
	'hints.add': 0,
};
/** Fields whose value the user reads as the message, the hint or the reason of an item. */
const MESSAGE_FIELDS = ['message', 'errorMessage', 'reason'];

/**
 * Every text the sources can produce as a message, without repetition. Constants, branches,
 * functions and parameters are followed to the literals they come from; what a message takes from
 * another message is skipped, since that one is found where it is made.
 */
export function sourceMessages(): SourceMessage[] {
	return textsOf(programOfSources(), (node, reader) => reader.messageExpressions(node));
}

/** The texts of some expressions in the sources, each once, in the order of files and lines. */
export function textsOf(
	program: ts.Program,
	expressionsOf: (node: ts.Node, reader: TextReader) => ts.Expression[],
): SourceMessage[] {
	const reader = new TextReader(program);
	const found = new Map<string, SourceMessage>();
	for (const file of ownFiles(program)) {
		const where = (node: ts.Node) =>
			`${path.relative(ROOT, file.fileName)}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
		const visit = (node: ts.Node): void => {
			for (const expression of expressionsOf(node, reader)) {
				for (const text of reader.texts(expression)) {
					if (/\p{L}{2}/u.test(text)) found.set(text, { text, where: where(node) });
				}
			}
			ts.forEachChild(node, visit);
		};
		visit(file);
	}
	return [...found.values()];
}

export function programOfSources(): ts.Program {
	const config = ts.getParsedCommandLineOfConfigFile(
		path.join(ROOT, 'tsconfig.json'),
		{ noEmit: true },
		{ ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} },
	);
	return ts.createProgram(config!.fileNames, config!.options);
}

export function ownFiles(program: ts.Program): ts.SourceFile[] {
	return program
		.getSourceFiles()
		.filter(
			({ fileName, isDeclarationFile }) =>
				!isDeclarationFile && !fileName.includes('/node_modules/') && fileName.startsWith(ROOT),
		);
}

/** Evaluates expressions as far as their text can be known. */
export class TextReader {
	private readonly checker: ts.TypeChecker;
	private readonly program: ts.Program;

	constructor(program: ts.Program) {
		this.checker = program.getTypeChecker();
		this.program = program;
	}

	/** The expressions of this node that become a message. */
	messageExpressions(node: ts.Node): ts.Expression[] {
		if (ts.isPropertyAssignment(node) && isMessageField(node.name)) return [node.initializer];
		if (ts.isShorthandPropertyAssignment(node) && isMessageField(node.name)) return [node.name];
		if (ts.isArrayLiteralExpression(node)) return this.messageElements(node);
		if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return [];
		const callee = node.expression;
		const names = [callee.getText()];
		if (ts.isPropertyAccessExpression(callee)) names.push(callee.name.text);
		const name = names.find((known) => Object.hasOwn(MESSAGE_ARGUMENT, known));
		const index = name === undefined ? undefined : MESSAGE_ARGUMENT[name];
		return index === undefined ? [] : (node.arguments?.slice(index, index + 1) ?? []);
	}

	/** Elements of a tuple whose type calls them messages. */
	private messageElements(list: ts.ArrayLiteralExpression): ts.Expression[] {
		const type = this.checker.getContextualType(list) as Partial<ts.TupleTypeReference> | undefined;
		const labels = type?.target?.labeledElementDeclarations ?? [];
		return list.elements.filter((_, at) => {
			const label = labels[at];
			return label !== undefined && isMessageField(label.name);
		});
	}

	/** Every text an expression can have; `…` where it cannot be known. */
	texts(expression: ts.Expression, depth = 0): string[] {
		if (depth > 12) return [VARIABLE];
		const next = (inner: ts.Expression) => this.texts(inner, depth + 1);
		if (ts.isStringLiteralLike(expression)) return [expression.text];
		if (ts.isTemplateExpression(expression)) {
			return expression.templateSpans.reduce(
				(starts, span) => join(starts, join(next(span.expression), [span.literal.text])),
				[expression.head.text],
			);
		}
		if (ts.isParenthesizedExpression(expression) || ts.isAsExpression(expression)) {
			return next(expression.expression);
		}
		if (ts.isConditionalExpression(expression)) {
			return [...next(expression.whenTrue), ...next(expression.whenFalse)];
		}
		if (ts.isBinaryExpression(expression)) {
			switch (expression.operatorToken.kind) {
				case ts.SyntaxKind.PlusToken:
					return join(next(expression.left), next(expression.right));
				case ts.SyntaxKind.QuestionQuestionToken:
				case ts.SyntaxKind.BarBarToken:
					return [...next(expression.left), ...next(expression.right)];
			}
		}
		if (ts.isCallExpression(expression)) return this.returned(expression, depth);
		if (ts.isIdentifier(expression)) return this.named(expression, depth);
		return [VARIABLE];
	}

	private named(name: ts.Identifier, depth: number): string[] {
		const declaration = this.declaration(name);
		if (declaration && ts.isVariableDeclaration(declaration)) {
			const { initializer, parent } = declaration;
			if (initializer) return this.texts(initializer, depth + 1);
			return ts.isForOfStatement(parent.parent) ? this.pushed(parent.parent, depth) : [VARIABLE];
		}
		if (declaration && ts.isParameter(declaration)) return this.passed(declaration, depth);
		return [VARIABLE];
	}

	/** What was put into the list that a loop goes through. */
	private pushed(loop: ts.ForOfStatement, depth: number): string[] {
		const found: string[] = [];
		const list = loop.expression.getText();
		const visit = (node: ts.Node): void => {
			if (ts.isCallExpression(node) && node.expression.getText() === `${list}.push`) {
				found.push(...node.arguments.flatMap((entry) => this.texts(entry, depth + 1)));
			}
			ts.forEachChild(node, visit);
		};
		visit(loop.getSourceFile());
		return found;
	}

	/** What a function returns, when it is one of ours and returns text. */
	private returned(call: ts.CallExpression, depth: number): string[] {
		const type = this.checker.getTypeAtLocation(call);
		const isText = (type.isUnion() ? type.types : [type]).some(
			({ flags }) => (flags & ts.TypeFlags.StringLike) !== 0,
		);
		const declaration = ts.isIdentifier(call.expression) && this.declaration(call.expression);
		const body = declaration && isText ? bodyOf(declaration) : undefined;
		if (!body) return [VARIABLE];
		if (!ts.isBlock(body)) return this.texts(body, depth + 1);
		const found: string[] = [];
		const visit = (node: ts.Node): void => {
			if (ts.isReturnStatement(node) && node.expression) {
				found.push(...this.texts(node.expression, depth + 1));
			}
			if (!ts.isFunctionLike(node)) ts.forEachChild(node, visit);
		};
		ts.forEachChild(body, visit);
		return found;
	}

	/** What is passed for a parameter, at every place the function is called. */
	private passed(parameter: ts.ParameterDeclaration, depth: number): string[] {
		const owner = parameter.parent;
		const index = owner.parameters.indexOf(parameter);
		const found: string[] = [];
		for (const file of ownFiles(this.program)) {
			const visit = (node: ts.Node): void => {
				if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
					const argument = node.arguments[index];
					if (argument && this.declaration(node.expression) === owner) {
						found.push(...this.texts(argument, depth + 1));
					}
				}
				ts.forEachChild(node, visit);
			};
			visit(file);
		}
		return found.length > 0 ? found : [VARIABLE];
	}

	private declaration(name: ts.Identifier): ts.Declaration | undefined {
		let symbol = this.checker.getSymbolAtLocation(name);
		if (symbol && ts.isShorthandPropertyAssignment(name.parent)) {
			symbol = this.checker.getShorthandAssignmentValueSymbol(name.parent);
		}
		if (symbol && (symbol.flags & ts.SymbolFlags.Alias) !== 0) {
			symbol = this.checker.getAliasedSymbol(symbol);
		}
		return symbol?.declarations?.[0];
	}
}

const isMessageField = (name: ts.Node) =>
	ts.isIdentifier(name) && MESSAGE_FIELDS.includes(name.text);

function bodyOf(declaration: ts.Declaration): ts.ConciseBody | undefined {
	if (ts.isFunctionDeclaration(declaration)) return declaration.body;
	const value = ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
	return value && ts.isArrowFunction(value) ? value.body : undefined;
}

const join = (starts: string[], ends: string[]) =>
	starts.flatMap((start) => ends.map((end) => start + end));
