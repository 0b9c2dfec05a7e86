/** Every text that a user can see, in the editor and in what the node gives. */
import ts from 'typescript';

import { programOfSources, textsOf, type SourceMessage } from './sourceMessages.mts';

/** Fields of descriptions and of errors; `name` is a text where it stands beside one of these. */
const SHOWN_FIELDS = ['action', 'description', 'displayName', 'hint', 'nextStep', 'placeholder'];
const BESIDE_A_NAME = ['action', 'value'];
const BUTTON_FIELDS = ['multipleValueButtonText', 'searchFilterPlaceholder'];

/** Labels, placeholders, tooltips, hints, options, messages and their descriptions; each once. */
export function sourceWords(): SourceMessage[] {
	return textsOf(programOfSources(), (node, reader) => [
		...reader.messageExpressions(node),
		...shownExpressions(node),
		...sentencesIn(node),
	]);
}

/** Whatever else is a sentence: a user reads it in an item, a hint or a comment. */
function sentencesIn(node: ts.Node): ts.Expression[] {
	const isText = ts.isStringLiteral(node) || ts.isTemplateLiteral(node);
	if (!isText || ts.isImportDeclaration(node.parent)) return [];
	return SENTENCE.test(node.getText()) ? [node] : [];
}

const SENTENCE = /^['"`]\p{Lu}[\p{L}']*(?: [^ ={}<>]+){3}/u;

function shownExpressions(node: ts.Node): ts.Expression[] {
	if (ts.isShorthandPropertyAssignment(node)) return isShown(node.name.text) ? [node.name] : [];
	if (!ts.isPropertyAssignment(node) || !ts.isIdentifier(node.name)) return [];
	const { text } = node.name;
	return isShown(text) || (text === 'name' && isOfAnOption(node.parent)) ? [node.initializer] : [];
}

const isShown = (name: string) => [...SHOWN_FIELDS, ...BUTTON_FIELDS].includes(name);

function isOfAnOption({ properties }: ts.ObjectLiteralExpression): boolean {
	const names = properties.map(({ name }) => name?.getText() ?? '');
	return names.some((name) => BESIDE_A_NAME.includes(name)) && !names.includes('type');
}
