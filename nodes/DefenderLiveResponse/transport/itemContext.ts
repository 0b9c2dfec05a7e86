import type { ItemInputs } from '../inputs/nodeContext';
import type { Connection } from './connection';

/** What serving one item takes: its fields, and the way to the API. */
export interface ItemContext extends ItemInputs {
	/**
	 * Opened on first use: parsing text needs no credential.
	 * @param itemIndex of another item, whose credential may be for another tenant; default its own
	 */
	connection(itemIndex?: number): Promise<Connection>;
}
