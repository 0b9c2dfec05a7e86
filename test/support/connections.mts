/** Every connection that this process begins, by whichever library: the socket is watched itself. */
import { Socket } from 'node:net';

export interface ConnectionWatch {
	/** `host:port` of each, in order. */
	readonly targets: string[];
	stop(): void;
}

export function watchConnections(): ConnectionWatch {
	const targets: string[] = [];
	const connect = Socket.prototype.connect;
	Socket.prototype.connect = function (this: Socket, ...args: unknown[]) {
		targets.push(targetOf(args));
		return Reflect.apply(connect, this, args) as Socket;
	};
	return {
		targets,
		stop: () => {
			Socket.prototype.connect = connect;
		},
	};
}

/** net.connect passes its arguments on as one list. */
function targetOf(args: unknown[]): string {
	const [first, second] = Array.isArray(args[0]) ? (args[0] as unknown[]) : args;
	if (typeof first !== 'object' || first === null)
		return `${String(second ?? 'localhost')}:${String(first)}`;
	const { host, hostname, port, path } = first as Record<string, unknown>;
	return path === undefined || port !== undefined
		? `${String(host ?? hostname ?? 'localhost')}:${String(port)}`
		: String(path);
}
