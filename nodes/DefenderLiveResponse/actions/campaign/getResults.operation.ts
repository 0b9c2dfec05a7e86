import { answersAmong, resultsOf } from '../../campaigns/campaignResults';
import { attemptsOf } from '../../campaigns/look';
import { campaignKey, endedAfterOption, startsAt } from '../../descriptions/campaign';
import {
	maxFileSizeOption,
	optionsOfOneItem,
	parseOutputAsJsonOption,
	rawOutputOption,
} from '../../descriptions/options';
import { limit, returnAll } from '../../descriptions/response';
import { LARGEST_TRANSCRIPT_MB } from '../../domain/fileSize';
import { campaignTermsOf } from '../../inputs/campaignTerms';
import { inOptions } from '../../inputs/field';
import { limitOf } from '../../inputs/limit';
import { maxBytesOf, transcriptOptionsOf } from '../../inputs/resultParameters';
import { timeOf } from '../../inputs/time';
import { systemClock } from '../../limits/clock';
import type { ItemContext } from '../../transport/itemContext';
import type { Operation } from '../operation';

export const entry: Operation['entry'] = {
	name: 'Get Results',
	action: 'Get campaign results',
	description: 'Get exit code, output and standard error of each device that has answered',
};

export const isKeptFromAgents = true;

export const fields: Operation['fields'] = [
	campaignKey,
	startsAt,
	returnAll,
	limit,
	optionsOfOneItem([
		endedAfterOption,
		maxFileSizeOption(LARGEST_TRANSCRIPT_MB),
		parseOutputAsJsonOption,
		rawOutputOption,
	]),
];

/** https://learn.microsoft.com/en-us/defender-endpoint/api/get-live-response-result */
export async function execute(context: ItemContext) {
	const terms = campaignTermsOf(context, systemClock.wallTime());
	const endedAfter = Date.parse(timeOf(context, inOptions(endedAfterOption)) ?? '');
	const wanted = { endedAfter: endedAfter || 0, limit: limitOf(context) };
	const options = {
		...transcriptOptionsOf(context),
		binaryPropertyName: 'data',
		fileName: '',
		decompress: true,
		maxBytes: maxBytesOf(context, LARGEST_TRANSCRIPT_MB),
	};
	const connection = await context.connection();
	const { attempts } = await attemptsOf(context, connection, terms);
	return await resultsOf(context, connection, answersAmong(attempts, wanted), options);
}
