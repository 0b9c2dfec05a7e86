/** What the lists of the resource locators have in common. */
import type { ILoadOptionsFunctions } from 'n8n-workflow';

import { apiError } from '../inputs/nodeErrors';
import { openConnection, type Connection } from '../transport/connection';

export const PAGE_SIZE = 50;

/** A person is waiting for the list; a longer hold is told instead. */
const LONGEST_HOLD_SECONDS = 10;

export async function openForList(functions: ILoadOptionsFunctions): Promise<Connection> {
	return await openConnection(functions, { maxHoldSeconds: LONGEST_HOLD_SECONDS });
}

/** Where a page starts, and the conditions the first page has worked out. */
export interface ListPosition {
	$filter: string;
	skip: number;
}

/**
 * The token comes back from the editor, which is the user's own: it is data for a query, and gives
 * nothing that typing would not give.
 */
export function positionOf(paginationToken: string | undefined): ListPosition | undefined {
	return paginationToken === undefined ? undefined : (JSON.parse(paginationToken) as ListPosition);
}

/** The token of the next page; none when this one was not full. */
export function nextPage(position: ListPosition, found: number): { paginationToken?: string } {
	if (found < PAGE_SIZE) return {};
	return { paginationToken: JSON.stringify({ ...position, skip: position.skip + found }) };
}

/**
 * Says why there is nothing to choose from. It has to be thrown as a NodeApiError: of any other
 * error the editor shows the message alone. Only for lists without a search: the editor shows such
 * a text instead of the search box.
 */
export function assertNotEmpty(
	connection: Connection,
	results: readonly unknown[],
	text: { message: string; description: string },
): void {
	if (results.length > 0) return;
	throw apiError(connection.functions.getNode(), null, 'noResult', text);
}
