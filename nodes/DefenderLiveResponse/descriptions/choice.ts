/** Fields whose value is one of their options. */
import type { INodeProperties } from 'n8n-workflow';

/** Its options are what the editor offers and what is taken: `inputs/choice.ts` reads them from here. */
export interface ChoiceField<Choice extends string> extends INodeProperties {
	/** One of them. */
	default: NoInfer<Choice>;
	options: Array<{ name: string; value: Choice; description?: string }>;
}

/** What can be chosen in a field. */
export type ChoiceOf<Chosen> = Chosen extends ChoiceField<infer Choice> ? Choice : never;

/** The field as it stands, with its values as a type. */
export const choiceField = <const Choice extends string>(
	field: ChoiceField<Choice>,
): ChoiceField<Choice> => field;
