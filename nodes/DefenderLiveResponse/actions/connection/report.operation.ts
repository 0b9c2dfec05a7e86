import type { INodeExecutionData } from 'n8n-workflow';

import { tenantReport } from '../../api/tenantReport';
import { optionsOfOneItem } from '../../descriptions/options';
import { QUESTIONS, type Fact } from '../../domain/reportQuestions';
import type { ItemContext } from '../../transport/itemContext';
import type { Operation } from '../operation';

export const entry: Operation['entry'] = {
	name: 'Report',
	action: 'Report on connection',
	description:
		"See how this tenant's API answers, to attach it to an issue. It contains no names and no IDs.",
};

export const fields: Operation['fields'] = [optionsOfOneItem()];

export async function execute(context: ItemContext): Promise<INodeExecutionData[]> {
	const answers = await tenantReport(await context.connection());
	const facts = Object.keys(QUESTIONS) as Fact[];
	return facts.map((fact) => ({
		json: { fact, question: QUESTIONS[fact], answer: answers[fact] },
	}));
}
