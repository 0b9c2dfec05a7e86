import type { ItemInputs } from '../inputs/nodeContext';
import type { Connection } from './connection';

/** What serving one item takes: its fields, and the way to the API. */
export interface ItemContext extends ItemInputs {
	/** Opened on first use: parsing text needs no credential. */
	connection(): Promise<Connection>;
}
