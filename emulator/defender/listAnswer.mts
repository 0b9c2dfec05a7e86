import { jsonAnswer, type Answer } from '../http/answer.mts';
import type { Page } from '../odata/listQuery.mts';
import { contextOf } from './route.mts';

/** A page of a list; `url` is the list's address, which the link to the next page is made of. */
export function listAnswer(page: Page, entitySet: string, url: string): Answer {
	return jsonAnswer(200, {
		'@odata.context': contextOf(entitySet),
		...(page.count === undefined ? {} : { '@odata.count': page.count }),
		value: page.value,
		...(page.next === undefined ? {} : { '@odata.nextLink': `${url}?${page.next}` }),
	});
}
