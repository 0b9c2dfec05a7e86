import { createServer, type IncomingMessage, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { contosoActions, type Emulator } from '../../../emulator/emulator.mts';
import { byId } from '../../support/resourceLocator.mts';
import { watchConnections, type ConnectionWatch } from '../../support/connections.mts';
import {
	binaryBytes,
	prepareBinaryStore,
	removeBinaryStore,
	runNode,
} from '../../support/engine.mts';
import { StoredCredential } from '../../support/storedCredential.mts';
import { startTestEmulator } from '../../support/testEmulator.mts';

jest.mock('../../../nodes/DefenderLiveResponse/limits/clock', () =>
	jest.requireActual('../../support/instantClock.mts'),
);

let emulator: Emulator;
let credential: StoredCredential;
/** A server of somebody else on this machine. */
let elsewhere: Server;
let elsewherePort: number;
let askedElsewhere: IncomingMessage[];
let connections: ConnectionWatch;

beforeAll(async () => {
	await prepareBinaryStore();
	emulator = await startTestEmulator({
		limits: { callsPerMinute: 10_000, callsPerHour: 100_000, runsPerMinute: 1000 },
	});
	await emulator.settled();
	elsewhere = createServer((request, response) => {
		askedElsewhere.push(request);
		response.setHeader('x-ms-version', '2021-12-02');
		response.end('{"script_output": "not from Defender", "exit_code": 0}');
	}).listen(0, '127.0.0.1');
	await once(elsewhere, 'listening');
	elsewherePort = (elsewhere.address() as AddressInfo).port;
	credential = new StoredCredential({
		...emulator.credential,
		downloadHosts: `.blob.core.windows.net, ${emulator.credential.downloadHosts}`,
	});
});

afterAll(async () => {
	await emulator.stop();
	elsewhere.close();
	removeBinaryStore();
});

beforeEach(async () => {
	askedElsewhere = [];
	// Signed in beforehand: what is watched are the calls after that.
	await parse();
	emulator.requests.clear();
	connections = watchConnections();
});

afterEach(() => {
	connections.stop();
	emulator.faults.clear();
});

async function parse() {
	return await runNode({
		parameters: {
			resource: 'result',
			operation: 'parseTranscript',
			source: 'machineAction',
			machineActionId: byId(contosoActions.realTranscript),
			options: {},
		},
		credential,
	});
}

const apiHost = () => new URL(emulator.apiUrl).host;
const othersThanApi = () => connections.targets.filter((target) => target !== apiHost());

describe('a download link that leads elsewhere is refused before any connection', () => {
	it('and a connection would have been seen', async () => {
		const { status } = await parse();
		expect(status).toBe('success');
		expect(othersThanApi()).toContain(new URL(emulator.downloadUrl).host);
	});

	const links: Array<[what: string, link: unknown]> = [
		['the metadata service of clouds', 'http://169.254.169.254/metadata/instance'],
		['the same over https', 'https://169.254.169.254/'],
		['the same as a decimal number', 'https://2852039166/'],
		['the same in hexadecimal', 'https://0xA9FEA9FE/'],
		['the same in octal', 'https://0251.0376.0251.0376/'],
		['the same inside IPv6', 'https://[::ffff:169.254.169.254]/'],
		['the same inside IPv6, in hexadecimal', 'https://[::ffff:a9fe:a9fe]/'],
		['another port of this machine', 'http://127.0.0.1:PORT/'],
		['this machine by name', 'http://localhost:PORT/'],
		['this machine in short', 'http://127.1:PORT/'],
		['this machine as a number', 'http://2130706433:PORT/'],
		['this machine in IPv6', 'http://[::1]:PORT/'],
		['this machine inside IPv6', 'http://[::ffff:127.0.0.1]:PORT/'],
		['this machine as zero', 'http://0.0.0.0:PORT/'],
		['an internal name', 'https://intranet/'],
		['an internal address', 'https://10.0.0.1/'],
		['a file', 'file:///etc/passwd'],
		['ftp', 'ftp://a.blob.core.windows.net/c/b'],
		['data', 'data:application/json,{}'],
		['a script', 'javascript:fetch("/")'],
		['no scheme', '//a.blob.core.windows.net/c/b'],
		['no host', '/c/b'],
		['plain http', 'http://a.blob.core.windows.net/c/b'],
		['a login in front of the host', 'https://user:pass@a.blob.core.windows.net/c/b'],
		['the store as a login', 'https://a.blob.core.windows.net@evil.example/c/b'],
		[
			'the store as a login, with a backslash',
			'https://evil.example\\@a.blob.core.windows.net/c/b',
		],
		['the store as a part of another host', 'https://a.blob.core.windows.net.evil.example/c/b'],
		['the suffix without a dot', 'https://evilblob.core.windows.net/c/b'],
		['the suffix alone', 'https://blob.core.windows.net/c/b'],
		['a dot at the end', 'https://a.blob.core.windows.net./c/b'],
		['another port of the store', 'https://a.blob.core.windows.net:8443/c/b'],
		['a look-alike letter', 'https://a.bl\u043eb.core.windows.net/c/b'],
		['look-alike dots', 'https://a\uff0eblob\u3002core.windows.net/c/b'],
		['a line break in the host', 'https://a.blob.core.windows.net\n.evil.example/c/b'],
		['a space in front', ' https://a.blob.core.windows.net/c/b'],
		['a NUL in the host', 'https://a\u0000.blob.core.windows.net/c/b'],
		['nothing', ''],
		['null', null],
		['a number', 42],
		['a list', ['https://a.blob.core.windows.net/c/b']],
		['an object', { href: 'https://a.blob.core.windows.net/c/b' }],
	];

	it.each(links)('%s', async (_what, link) => {
		const value = typeof link === 'string' ? link.replace('PORT', String(elsewherePort)) : link;
		emulator.faults.order({ kind: 'otherBody', body: { value }, path: /DownloadLink/ });
		const { error, items } = await parse();

		expect(error?.message).toBe(
			'The Defender API returned a download link to a host that is not allowed',
		);
		expect(items).toEqual([]);
		expect(othersThanApi()).toEqual([]);
		expect(askedElsewhere).toEqual([]);
	});
});

it('a link to an allowed host is used byte for byte', async () => {
	const path = '/c/b?sp=r&rscd=a%3B%20filename%3Dx&sig=a%2Fb/c%2B%3D&&x=%7E~|';
	const value = `http://127.0.0.1:${elsewherePort}${path}`;
	emulator.faults.order({ kind: 'otherBody', body: { value }, path: /DownloadLink/ });
	const { items } = await runNode({
		parameters: {
			resource: 'result',
			operation: 'parseTranscript',
			source: 'machineAction',
			machineActionId: byId(contosoActions.realTranscript),
			options: {},
		},
		credential: alsoElsewhere(),
	});
	expect(items[0].json).toMatchObject({ output: 'not from Defender' });
	expect(askedElsewhere.map(({ url }) => url)).toEqual([path]);
});

/** The other server is one of the download hosts. */
const alsoElsewhere = () =>
	new StoredCredential({
		...credential.stored,
		downloadHosts: `${emulator.credential.downloadHosts}, 127.0.0.1:${elsewherePort}`,
	});

describe('a redirect of the Defender API', () => {
	it('is not followed, so that the token goes nowhere else', async () => {
		emulator.faults.order({
			kind: 'redirect',
			on: 'api',
			location: `http://127.0.0.1:${elsewherePort}/elsewhere`,
		});
		const { error } = await parse();
		expect(error).toMatchObject({ httpCode: '302' });
		expect(askedElsewhere).toEqual([]);
	});
});

describe('a redirect of the result store', () => {
	const places = [
		'http://127.0.0.1:PORT/elsewhere',
		'//127.0.0.1:PORT/elsewhere',
		'http://localhost:PORT/elsewhere',
		'https://169.254.169.254/',
		'http://user:pass@127.0.0.1:PORT/',
		'file:///etc/passwd',
		'http://[',
	];

	it.each(places)('to %j is not followed', async (place) => {
		const location = place.replace('PORT', String(elsewherePort));
		emulator.faults.order({ kind: 'redirect', location });
		const { error } = await parse();

		expect(error?.message).toBe('The result store redirected to a host that is not allowed');
		expect(askedElsewhere).toEqual([]);
		expect(JSON.stringify(error)).not.toContain(String(elsewherePort));
	});

	it('to another allowed host is followed, without the token', async () => {
		emulator.faults.order({
			kind: 'redirect',
			location: `http://127.0.0.1:${elsewherePort}/moved?sig=a%2Fb/c`,
		});
		const { items } = await runNode({
			parameters: {
				resource: 'result',
				operation: 'download',
				machineActionId: byId(contosoActions.realTranscript),
				options: {},
			},
			credential: alsoElsewhere(),
		});

		expect((await binaryBytes(items[0])).toString()).toContain('not from Defender');
		expect(askedElsewhere.map(({ url }) => url)).toEqual(['/moved?sig=a%2Fb/c']);
		expect(askedElsewhere[0].headers).not.toHaveProperty('authorization');
	});

	it('that goes round in circles ends', async () => {
		emulator.faults.order({
			kind: 'redirect',
			location: `${emulator.downloadUrl}/again`,
			count: Infinity,
		});
		const { error } = await parse();
		expect(error?.message).toBe('The result store redirected to a host that is not allowed');
		expect(emulator.requests.matching(/./, 'download').length).toBeLessThanOrEqual(4);
	});
});

describe('the link to the next page of a list', () => {
	const listed = async () =>
		await runNode({
			parameters: { resource: 'machine', operation: 'getAll', returnAll: true, options: {} },
			credential,
		});
	const page = (next: unknown) => ({
		kind: 'otherBody' as const,
		body: { value: [{ id: 'a'.repeat(40) }], '@odata.nextLink': next },
		path: /machines/,
	});

	it.each([
		'http://127.0.0.1:PORT/api/machines?$skip=1',
		'https://api.security.microsoft.com/api/machines?$skip=1',
		'APIORIGIN/api/libraryfiles?$skip=1',
		'http://user:pass@APIHOST/api/machines?$skip=1',
		'http://APIHOST@127.0.0.1:PORT/api/machines?$skip=1',
		'//127.0.0.1:PORT/api/machines',
		'/api/machines?$skip=1',
		'file:///api/machines',
		'x',
	])('%s is not followed', async (link) => {
		const next = link
			.replace('APIORIGIN', new URL(emulator.apiUrl).origin)
			.replace('APIHOST', apiHost())
			.replace('PORT', String(elsewherePort));
		emulator.faults.order(page(next));
		const { error } = await listed();

		expect(error?.message).toBe('The Defender API named a next page that is not one of its own');
		expect(emulator.requests.matching(/./)).toHaveLength(1);
		expect(othersThanApi()).toEqual([]);
	});

	it('that leads back to the same page ends the list', async () => {
		emulator.faults.order({ ...page(`${emulator.apiUrl}/machines?$skip=1`), count: 50 });
		const { error } = await listed();
		expect(error?.message).toBe('The Defender API returned a list that leads back to itself');
		expect(emulator.requests.matching(/./)).toHaveLength(2);
	});
});

describe('an id with characters of a path, from an expression', () => {
	const ids = [
		'../machines',
		'..',
		'.',
		'a/b',
		'a\\b',
		'%2e%2e%2f',
		'x?$filter=1',
		'x#y',
		'x\r\nHost: y',
		'\ud800',
		'日本',
	];
	const fromItem = byId('={{ $json.id }}');
	const runWith = async (id: string, parameters: object) =>
		await runNode({
			parameters: { ...parameters, options: {} },
			items: [{ json: { id } }],
			credential,
		});

	it.each(ids)('%j stays what it is: the name of a file to delete', async (name) => {
		await runWith(name, {
			resource: 'libraryFile',
			operation: 'delete',
			libraryFileName: fromItem,
		});
		for (const { url } of emulator.requests.matching(/./)) {
			expect(url).toBe(`/api/libraryfiles/${encodeURIComponent(name)}`);
			expect(url).not.toMatch(/\/\.{1,2}$/);
		}
	});

	it.each(ids)('%j is no machine action and no device: nothing is sent', async (id) => {
		const device = { resource: 'machine', operation: 'get' };
		const operations = [
			{ resource: 'machineAction', operation: 'get', machineActionId: fromItem },
			{ resource: 'machineAction', operation: 'cancel', machineActionId: fromItem, comment: 'x' },
			{ resource: 'result', operation: 'download', machineActionId: fromItem },
			{ ...device, machineId: fromItem },
		];
		for (const parameters of operations) {
			const { status } = await runWith(id, parameters);
			expect([parameters.operation, status]).toEqual([parameters.operation, 'error']);
		}
		expect(emulator.requests.all).toEqual([]);
		expect(connections.targets).toEqual([]);
	});
});
