import type { Connection } from './connection';

/**
 * Something made once for each connection, which serves one node run, and forgotten with it. A bounded copy
 * shares it: it is made for the connection itself, whichever of them asks first.
 */
export function perConnection<T extends object>(
	make: (connection: Connection) => T,
): (connection: Connection) => T {
	const made = new WeakMap<Connection, T>();
	return (connection) => {
		const whole = connection.boundedFrom ?? connection;
		const known = made.get(whole) ?? make(whole);
		made.set(whole, known);
		return known;
	};
}
