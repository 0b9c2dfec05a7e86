import type { Connection } from './connection';

/** Something made once for each connection, which serves one node run, and forgotten with it. */
export function perConnection<T>(
	make: (connection: Connection) => T,
): (connection: Connection) => T {
	const made = new WeakMap<Connection, { value: T }>();
	return (connection) => {
		const known = made.get(connection) ?? { value: make(connection) };
		made.set(connection, known);
		return known.value;
	};
}
