import ts from 'typescript';

import { REFUSAL_CODES } from '../../nodes/DefenderLiveResponse/domain/refusalCode';
import { ownFiles, programOfSources } from './sourceMessages.mts';

/** The codes that the sources give to an error: what stands where a code is wanted. */
export function thrownCodes(): string[] {
	const program = programOfSources();
	const checker = program.getTypeChecker();
	const found = new Set<string>();
	for (const file of ownFiles(program)) {
		const visit = (node: ts.Node): void => {
			if (ts.isStringLiteral(node) && isCode(checker.getContextualType(node))) found.add(node.text);
			ts.forEachChild(node, visit);
		};
		visit(file);
	}
	return [...found].sort();
}

function isCode(wanted: ts.Type | undefined): boolean {
	if (!wanted?.isUnion() || wanted.types.length !== REFUSAL_CODES.length) return false;
	const values = wanted.types.map((type) => (type.isStringLiteral() ? type.value : ''));
	return REFUSAL_CODES.every((code) => values.includes(code));
}
