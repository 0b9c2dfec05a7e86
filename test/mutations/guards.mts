/** Each promise of SECURITY.md, with the test that must fail when it is broken. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from '../../playground/folders.mts';
import { literally, type Mutation, type MutationList } from './mutation.mts';

interface Promised {
	/** As SECURITY.md says it. */
	readonly promise: string;
	readonly file: string;
	/** The test file, and the beginning of a full test name in it. */
	readonly test: string;
	readonly testName: string;
}

/** Code that keeps the promise is taken out: `without` is what stands there then. */
interface GuardOut extends Promised {
	readonly guard: string;
	readonly without: string;
}

/** No single piece of code keeps the promise: a fault that breaks it is put in. */
interface FaultIn extends Promised {
	readonly code: string;
	readonly withFault: string;
}

type Guard = GuardOut | FaultIn;

const node = 'nodes/DefenderLiveResponse';
const hostileInput = 'test/unit/domain/hostileInput.test.mts';
const transcript = 'test/unit/domain/transcript.test.mts';
const gunzip = 'test/unit/results/gunzip.test.mts';
const files = 'test/integration/actions/hostileFiles.test.mts';
const startedOnce = 'test/integration/actions/startedOnce.test.mts';
const links = 'test/integration/actions/hostileLinks.test.mts';

const guards: readonly Guard[] = [
	{
		promise: 'Any bytes end in strict, repaired or raw, and nothing is thrown away',
		file: `${node}/domain/transcript.ts`,
		code: 'output: decoded.readable ? decoded.text : null',
		withFault: 'output: null',
		test: hostileInput,
		testName: 'any bytes end in strict, repaired or raw',
	},
	{
		promise: 'A transcript that is damaged gives the fields of the sound one',
		file: `${node}/domain/deviceObject.ts`,
		code: 'if (damaged === null) return null;',
		withFault: 'if (damaged === null || damaged.isDamaged) return null;',
		test: hostileInput,
		testName: 'a damaged transcript gives the fields of the sound one',
	},
	{
		promise: 'Time to parse is linear in the size',
		file: `${node}/domain/transcriptLine.ts`,
		code: 'const lineBreak = ',
		withFault:
			'for (let at = 0; at < output.length; at += 128) output.slice(at).search(/[\\0\\x01]/);\n\tconst lineBreak = ',
		test: 'test/unit/domain/growth.test.mts',
		testName: 'the time for drives in the first line',
	},
	{
		promise: 'What the fields of a transcript cannot say is noticed',
		file: `${node}/domain/transcript.ts`,
		guard:
			'values.size === found.members.length && haveRoom(values) && BEHIND.padding.test(behind)',
		without: 'true',
		test: hostileInput,
		testName: 'every word of a whole file is in a field, or its file comes along',
	},
	{
		promise: 'Values are counted before they are parsed',
		file: `${node}/domain/jsonTokens.ts`,
		guard: 'export const MOST_TOKENS = 500_000;',
		without: 'export const MOST_TOKENS = 500_000_000;',
		test: 'test/unit/domain/transcriptLoss.test.mts',
		testName: 'more values than are parsed beside the output',
	},
	{
		promise: 'At most 20 result files of a run are open at once',
		file: `${node}/results/downloadTurns.ts`,
		guard: 'const DOWNLOADS_AT_ONCE = 20;',
		without: 'const DOWNLOADS_AT_ONCE = 1000;',
		test: 'test/integration/actions/transcripts.test.mts',
		testName: 'a live response has no more than 20 downloads open at once',
	},
	{
		promise: 'A transcript of more than 64 MB is never in memory',
		file: `${node}/results/fetchedTranscript.ts`,
		guard: 'Math.min(options.maxBytes, MOST_TRANSCRIPT_BYTES)',
		without: 'options.maxBytes',
		test: 'test/integration/actions/transcripts.test.mts',
		testName: 'a live response whose transcript is larger than 64 MB gives it as a file',
	},
	{
		promise: 'The texts of a run stay within what n8n can store',
		file: `${node}/results/heldText.ts`,
		guard: 'const fits = this.length + length <= MOST_HELD;',
		without: 'const fits = true;',
		test: 'test/integration/actions/transcripts.test.mts',
		testName: 'texts beyond what n8n can store with an execution are left to their files',
	},
	{
		promise: 'Repairing does not multiply the memory',
		file: `${node}/domain/jsonString.ts`,
		code: 'codeUnits(inside.slice(start, start + LARGEST_PIECE))',
		withFault: 'codeUnits(inside.repeat(6).slice(start, start + LARGEST_PIECE))',
		test: transcript,
		testName: 'text from a device that may be hostile made of raw control characters',
	},
	{
		promise: 'No key of a device changes what objects inherit',
		file: `${node}/domain/outputJson.ts`,
		guard: "if (Object.hasOwn(value, '__proto__')) Reflect.deleteProperty(value, '__proto__');",
		without: '',
		test: transcript,
		testName: 'Parse Output as JSON leaves out keys',
	},
	{
		promise: 'JSON too deep for n8n stays text',
		file: `${node}/domain/outputJson.ts`,
		guard: 'const DEEPEST = 200;',
		without: 'const DEEPEST = 200_000_000;',
		test: transcript,
		testName: 'Parse Output as JSON of 201 levels',
	},
	{
		promise: 'Bytes that text cannot say come along as a file',
		file: `${node}/results/shownTranscript.ts`,
		guard: 'needsFile: unsaid !== null || ',
		without: 'needsFile: ',
		test: files,
		testName: 'a transcript that text cannot say all of is read as far as it goes',
	},
	{
		promise: 'Unpacking stops at Max File Size',
		file: `${node}/results/gunzip.ts`,
		guard: 'if (unpacked > maxBytes || bomb)',
		without: 'if (bomb)',
		test: gunzip,
		testName: 'a file that becomes too large is stopped at once',
	},
	{
		promise: 'Unpacking stops at an absurd ratio',
		file: `${node}/results/gunzip.ts`,
		guard: 'if (unpacked > maxBytes || bomb)',
		without: 'if (unpacked > maxBytes)',
		test: gunzip,
		testName: 'a bomb is stopped by what it becomes',
	},
	{
		promise: 'A file that cannot be unpacked comes as it is, flagged',
		file: `${node}/results/fetchedFile.ts`,
		guard: 'const asIs = { ...options, decompress: false };',
		without: 'const asIs = options;',
		test: files,
		testName:
			'a file that cannot be unpacked comes as it is, and says so gzip with bytes behind it',
	},
	{
		promise: 'A store cannot send more than Max File Size',
		file: `${node}/results/resultFile.ts`,
		guard: 'if (bytes > maxBytes) throw tooLarge();',
		without: '',
		test: files,
		testName: 'a store that sends more than it said text',
	},
	{
		promise: 'A 1 GiB file takes at most 64 MiB more memory',
		file: `${node}/results/measured.ts`,
		code: 'this.hash.update(chunk);',
		withFault: 'this.hash.update(chunk); (this.kept ??= []).push(chunk);',
		test: 'test/integration/actions/largeFile.test.mts',
		testName: '1 GiB as it is',
	},
	{
		promise: 'Size and sha256 are of exactly what is delivered',
		file: 'nodes/DefenderLiveResponse/results/measured.ts',
		guard: 'this.hash.update(chunk);',
		without: '',
		test: 'test/integration/actions/hostileFiles.test.mts',
		testName: 'zip is never unpacked',
	},
	{
		promise: 'File names are safe to store',
		file: `${node}/domain/fileName.ts`,
		guard: "base.replace(UNSAFE, '_')",
		without: 'base',
		test: hostileInput,
		testName: 'a file name is safe or none',
	},
	{
		promise: 'Reserved names of Windows are not used',
		file: `${node}/domain/fileName.ts`,
		guard: 'RESERVED.test(cleaned) ? `_${cleaned}` : cleaned',
		without: 'cleaned',
		test: hostileInput,
		testName: 'a file name is safe or none',
	},
	{
		promise: 'Only https, and http on this machine alone',
		file: `${node}/transport/allowedHosts.ts`,
		guard:
			"return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));",
		without: 'return true || isLoopback(url.hostname);',
		test: 'test/unit/transport/clouds.test.mts',
		testName: 'a result file may not come from a host that does not fit: 0',
	},
	{
		promise: "Result files come only from the cloud's result hosts",
		file: `${node}/results/resultLink.ts`,
		guard: '!isAllowedDownloadHost(url, connection.endpoints)',
		without: 'false',
		test: links,
		testName: 'a download link that leads elsewhere is refused before any connection another port',
	},
	{
		promise: 'A link that readers of URLs take differently is refused',
		file: `${node}/results/resultLink.ts`,
		guard: 'PLAIN_URL.test(href) && ',
		without: '',
		test: links,
		testName:
			'a download link that leads elsewhere is refused before any connection look-alike dots',
	},
	{
		promise: 'No link carries a login',
		file: `${node}/transport/allowedHosts.ts`,
		guard: "|| url.username !== '' || url.password !== ''",
		without: '',
		test: links,
		testName: 'a download link that leads elsewhere is refused before any connection a login',
	},
	{
		promise: 'Redirects of the store stay within the result hosts',
		file: `${node}/results/resultStore.ts`,
		guard: '!isAllowedDownloadHost(target, connection.endpoints)',
		without: 'false',
		test: links,
		testName: 'a redirect of the result store to "http://127.0.0.1:PORT/elsewhere"',
	},
	{
		promise: 'Redirects of the API are not followed',
		file: `${node}/transport/request.ts`,
		guard: 'disableFollowRedirect: true,',
		without: '',
		test: links,
		testName: 'a redirect of the Defender API is not followed',
	},
	{
		promise: 'Redirects of the sign-in are not followed',
		file: 'credentials/signIn/tokenNetwork.ts',
		guard: 'disableFollowRedirect: true,',
		without: '',
		test: 'test/unit/credentials/accessToken.test.mts',
		testName: 'signing in is one POST with the secret',
	},
	{
		promise: 'The token goes to the API alone, never to a result host',
		file: `${node}/results/resultStore.ts`,
		code: "Accept: '*/*',",
		withFault: "Accept: '*/*', Authorization: 'Bearer x',",
		test: 'test/integration/actions/result.test.mts',
		testName: 'Get Script Output from a machine action never sends the token to the result store',
	},
	{
		promise: 'The credential adds the token for the API of its cloud and no other host',
		file: 'credentials/authorizeRequest.ts',
		guard: 'targetOrigin(requestOptions) !== new URL(cloud.endpoints.apiUrl).origin',
		without: 'targetOrigin(requestOptions) === undefined',
		test: 'test/unit/credentials/defenderLiveResponseApi.test.mts',
		testName: 'the token does not travel anywhere else',
	},
	{
		promise: 'A link is used byte for byte',
		file: `${node}/results/resultStore.ts`,
		code: 'url: href,',
		withFault: 'url: decodeURI(href),',
		test: links,
		testName: 'a link to an allowed host is used byte for byte',
	},
	{
		promise: 'Next pages are taken from the API itself',
		file: `${node}/transport/pagination.ts`,
		guard: 'isApiHost(next, api) && samePath',
		without: 'true',
		test: links,
		testName: 'the link to the next page of a list http://127.0.0.1:PORT',
	},
	{
		promise: 'A list that leads back to itself ends',
		file: `${node}/transport/pagination.ts`,
		guard: 'if (found.size === known) throw endlessError(connection);',
		without: '',
		test: links,
		testName: 'the link to the next page of a list that leads back',
	},
	{
		promise: 'An id cannot change path or query',
		file: `${node}/transport/paths.ts`,
		guard: 'encodeURIComponent(value)',
		without: 'value',
		test: 'test/unit/transport/paths.test.mts',
		testName: 'values in paths a/b stays one segment',
	},
	{
		promise: 'What is no id of a machine action is refused before any call',
		file: `${node}/inputs/machineActionParameter.ts`,
		guard: 'if (isGuid(id))',
		without: "if (id !== '')",
		test: links,
		testName: 'an id with characters of a path, from an expression "a/b" is no machine action',
	},
	{
		promise: 'A file that breaks off is never passed on as whole',
		file: `${node}/results/download.ts`,
		guard: "let end: ReturnType<typeof endOf> | 'broken' = 'broken';",
		without: "let end: ReturnType<typeof endOf> | 'broken' = 'whole';",
		test: 'test/integration/actions/result.test.mts',
		testName: 'the result store a file that keeps breaking off',
	},
	{
		promise: 'The text of a script is what the workflow holds, never what an item brings',
		file: `${node}/inputs/script.ts`,
		guard: 'if (isExpression(context.stored(field.name))) {',
		without: 'if (isExpression(null)) {',
		test: 'test/unit/inputs/script.test.mts',
		testName: 'a text that an expression gives is none',
	},
	{
		promise: 'A kept script runs only with the content that its name says',
		file: `${node}/api/scriptLibrary.ts`,
		guard: 'if (outcome.file.sha256?.toLowerCase() === script.sha256) return;',
		without: 'if (outcome.file.fileName !== undefined) return;',
		test: 'test/integration/actions/scriptText.test.mts',
		testName: 'a text does not run when the library has something else',
	},
	{
		promise: 'No token, secret or link in what an execution keeps',
		file: `${node}/results/storedFile.ts`,
		code: 'fileSize: measured.bytes,',
		withFault: 'fileSize: measured.bytes, source: source.link.href,',
		test: 'test/integration/actions/result.test.mts',
		testName: 'Download unpacks a fetched file',
	},
	{
		promise: 'A body that ends only with its connection is not taken for whole',
		file: `${node}/results/wholeFile.ts`,
		guard: "return part.isFramed ? 'whole' : 'unsound';",
		without: "return 'whole';",
		test: 'test/integration/actions/download.test.mts',
		testName: 'a file is whole or rejected: and is no file when the store keeps closing it',
	},
	{
		promise: 'A part that contradicts itself is not joined to a file',
		file: `${node}/results/wholeFile.ts`,
		guard:
			'const isSound = start < end && end <= total && (length ?? end - start) === end - start;',
		without: 'const isSound = true;',
		test: 'test/unit/results/wholeFile.test.mts',
		testName:
			'a file that is fetched in parts does not go on with a part that is shorter than it says',
	},
	{
		promise: 'The first length that is announced holds for all answers',
		file: `${node}/results/wholeFile.ts`,
		guard: 'return total === null || total === this.total;',
		without: 'return true;',
		test: 'test/unit/results/wholeFile.test.mts',
		testName: 'a file that is fetched in parts does not go on with a file of another length',
	},
	{
		promise: 'What answers in place of the result store is no file',
		file: `${node}/results/resultStore.ts`,
		guard: '!endpoints.azureStorage || Object.keys(headers).some((name) => /^x-ms-/i.test(name))',
		without: 'true',
		test: 'test/integration/actions/download.test.mts',
		testName: 'the sign-in page of a proxy is no file when it comes in place of the file',
	},
	{
		promise: 'Gzip with anything but padding behind it is not taken for whole',
		file: `${node}/results/gunzip.ts`,
		guard: 'await skipPadding(input);',
		without: '',
		test: 'test/unit/results/gunzip.test.mts',
		testName: 'a file with bytes behind it is refused as a whole',
	},
	{
		promise: 'Unpacked bytes are held against their checksum',
		file: `${node}/results/gunzip.ts`,
		guard: 'if (!isSound) throw new NotUnpackedError();',
		without: '',
		test: 'test/unit/results/gunzip.test.mts',
		testName: 'a file with a wrong checksum is refused as a whole',
	},
	{
		promise: 'A file is named by the bytes that are delivered',
		file: `${node}/domain/resultFileName.ts`,
		guard: 'return safeFileName(withoutGzipEndings(given)) ?? known.fallback;',
		without: 'return given;',
		test: 'test/unit/domain/resultFileName.test.mts',
		testName: 'a file that n8n unpacked on the way',
	},
	{
		promise: "A file that is known not to fit n8n's binary data mode is not fetched",
		file: `${node}/results/binaryStoreLimit.ts`,
		guard: 'if (bytes <= most * MEGABYTE) return;',
		without: 'return;',
		test: 'test/unit/results/binaryStoreLimit.test.mts',
		testName: 'how much n8n can store in the database ends before more is fetched',
	},
	{
		promise: 'What a language model gets is bounded at every depth',
		file: `${node}/actions/boundedFields.ts`,
		guard: 'if (characters > this.left) return this.leaveOut();',
		without: '',
		test: 'test/unit/actions/modelAnswer.test.mts',
		testName:
			'what a language model gets is at most 100,000 characters of JSON, also with much in many fields',
	},
	{
		promise: 'A device cannot write the note that names what it wrote',
		file: `${node}/actions/modelAnswer.ts`,
		guard: ".filter(([name]) => name !== 'note')",
		without: '',
		test: 'test/unit/actions/modelAnswer.test.mts',
		testName: 'what a device wrote cannot take the place of the note',
	},
	{
		promise: 'A token on its own is not shown',
		file: `${node}/transport/shownWords.ts`,
		guard: '[SECRET_FIELD, CLIENT_SECRET, TOKEN, SIGNATURE]',
		without: '[SECRET_FIELD, CLIENT_SECRET, SIGNATURE]',
		test: 'test/unit/transport/shownWords.test.mts',
		testName: 'words of an answer are shown without The token eyJ0eXAiOiJKV1Qi has expired',
	},
	{
		promise: 'An answer that repeats a token or signature is shown without it',
		file: `${node}/transport/shownWords.ts`,
		guard: '[SECRET_FIELD, CLIENT_SECRET, TOKEN, SIGNATURE]',
		without: '[CLIENT_SECRET, TOKEN, SIGNATURE]',
		test: 'test/unit/transport/shownWords.test.mts',
		testName: 'words of an answer are shown without refresh_token=0.AXoA-opaque&x=1',
	},
	{
		promise: 'The link of Get Link is marked as sensitive for n8n',
		file: `${node}/DefenderLiveResponse.node.ts`,
		guard: "sensitiveOutputFields: ['link'],",
		without: '',
		test: 'test/unit/description.test.mts',
		testName: 'the link of Get Link is marked as sensitive',
	},
	{
		promise: 'A token is not sent for other settings than it was granted for',
		file: 'credentials/signIn/boundToken.ts',
		guard: 'token !== undefined && digest === digestOf(credentials)',
		without: 'token !== undefined && digest !== null',
		test: 'test/unit/credentials/defenderLiveResponseApi.test.mts',
		testName: 'the token of another tenant is not sent',
	},
	{
		promise: 'Each item acts in its own tenant',
		file: `${node}/transport/itemConnections.ts`,
		code: 'const credential = await this.read(itemIndex);',
		withFault: 'const credential = await this.read(0);',
		test: 'test/integration/actions/tenants.test.mts',
		testName: 'the tenant of each item is where its script runs, in one run over three',
	},
	{
		promise: 'n8n stores no token of the app',
		file: 'credentials/DefenderLiveResponseApi.credentials.ts',
		code: 'return {};',
		withFault: 'return { accessToken: credentials.accessToken };',
		test: 'test/integration/actions/tenants.test.mts',
		testName: 'the tenant of each item costs one sign-in a tenant',
	},
	{
		promise: 'A broken TLS connection does not count as never sent',
		file: `${node}/transport/untrustedCertificate.ts`,
		code: 'VERIFICATION_CODES.has(code)',
		withFault: '(VERIFICATION_CODES.has(code) || /SSL|TLS/.test(code))',
		test: 'test/unit/transport/retry.test.mts',
		testName:
			'a start that came to no good answer may have been done after ERR_SSL_SSL/TLS_ALERT_BAD_RECORD_MAC',
	},
	{
		promise: 'Without a token of its own settings a call is not sent',
		file: 'credentials/authorizeRequest.ts',
		guard: 'if (token === null) throw new TokenOfOtherSettings();',
		without: '',
		test: 'test/unit/credentials/defenderLiveResponseApi.test.mts',
		testName: 'the token of another tenant is not sent',
	},
	{
		promise: "The answer to a start with somebody else's action is not believed",
		file: `${node}/domain/marker.ts`,
		guard: 'return isSentOrAltered(sent, shown);',
		without: 'return true;',
		test: startedOnce,
		testName: "somebody else's start a moment before answered with their action (other)",
	},
	{
		promise: 'The first reading of an action that was started is held against the marker',
		file: `${node}/api/actionWatch.ts`,
		guard: 'entry.isMeant?.(action) === false',
		without: 'action === null',
		test: startedOnce,
		testName:
			'an answer with our comment, of an action that a reading shows to be of somebody else is a busy device as soon as it is read, with Wait for Completion = true',
	},
	{
		promise: 'The tries of one call share its run, however that ended',
		file: `${node}/runs/startOnce.ts`,
		guard: 'started.get(ownName(run)) ?? (await sharedOrBegun(run))',
		without: 'await sharedOrBegun(run)',
		test: startedOnce,
		testName:
			'an idempotency key of a failed run starts nothing anew for the tries of the same call',
	},
	{
		promise: 'A retry after a weekend finds its run',
		file: `${node}/runs/wantedRun.ts`,
		code: 'const RETRY_LOOK_BACK_MS = 7 * A_DAY_MS;',
		withFault: 'const RETRY_LOOK_BACK_MS = A_DAY_MS / 24;',
		test: startedOnce,
		testName: 'a retry finds its run after a weekend',
	},
	{
		promise: 'With a key, an alert that fires twice at one moment is one run',
		file: `${node}/runs/processedData.ts`,
		guard: 'if (!(await clock.sleep(pauseMs, signal))) return true;',
		without: 'return true;',
		test: startedOnce,
		testName:
			'an idempotency key with When Device Is Busy = wait given twice at the same moment, in two processes, shares one run',
	},
	{
		promise: 'A tool call with the arguments of another one is rejected',
		file: `${node}/actions/ownArguments.ts`,
		guard: 'if (!isMixedUp) return;',
		without: 'return;',
		test: 'test/integration/actions/toolCalls.test.mts',
		testName: 'calls at once never run on the device of another call: they are rejected',
	},
	{
		promise: 'The first rejected item ends the run for all others',
		file: `${node}/actions/runEnd.ts`,
		guard: 'if (this.functions.getNode().retryOnFail !== true) this.own.abort();',
		without: '',
		test: 'test/integration/actions/runEnd.test.mts',
		testName:
			'an item that is rejected, without Retry On Fail and Continue before any call starts nothing for the others',
	},
	{
		promise: 'No other node may use the credential',
		file: 'credentials/DefenderLiveResponseApi.credentials.ts',
		guard: 'restrictToSupportedNodes = true as const;',
		without: 'restrictToSupportedNodes = false;',
		test: 'test/unit/credentials/defenderLiveResponseApi.test.mts',
		testName: 'the form belongs to the nodes of this package alone',
	},
	{
		promise: 'No words of an answer are part of an error message',
		file: 'nodes/DefenderLiveResponse/transport/refusalMessages.ts',
		code: 'return { ...message, description: `${description}${said}${reference}` };',
		withFault: 'return { ...message, message: `${message.message}${said}`, description };',
		test: 'test/unit/transport/errors.test.mts',
		testName: 'the words of an answer are no part of the message: 400',
	},
	{
		promise: 'A code of the API is shown only if it is one',
		file: 'nodes/DefenderLiveResponse/transport/errors.ts',
		guard: 'code !== null && /^(?:[a-z]{1,64}|\\d{1,6})$/i.test(code)',
		without: 'code !== null',
		test: 'test/unit/transport/errors.test.mts',
		testName: "Defender's code is none when it is something else: IGNORE ALL RULES",
	},
	{
		promise: 'An error holds nothing of the request',
		file: 'nodes/DefenderLiveResponse/transport/request.ts',
		guard: 'return failedAnswer(connection, error);',
		without: 'throw error;',
		test: 'test/integration/actions/libraryFile.test.mts',
		testName: 'Upload a lost answer of a file that has not arrived is told, and not sent again',
	},
	{
		promise: 'Investigation packages come only from their own host',
		file: 'nodes/DefenderLiveResponse/results/packageLink.ts',
		guard: 'if (url && isAllowedPackageHost(url, connection.endpoints)) {',
		without: 'if (url) {',
		test: 'test/integration/actions/investigationPackage.test.mts',
		testName:
			'a link that leads elsewhere is rejected before any connection: the host of another cloud',
	},
	{
		promise: 'The host of investigation packages is known by its whole name',
		file: 'nodes/DefenderLiveResponse/transport/allowedHosts.ts',
		guard: ' && PACKAGE_HOST.test(url.hostname)',
		without: '',
		test: 'test/unit/transport/clouds.test.mts',
		testName: 'an investigation package may not come from a host that is a sibling',
	},
	{
		promise: 'The host of investigation packages redirects nowhere',
		file: 'nodes/DefenderLiveResponse/results/resultStore.ts',
		guard: 'redirects === 0 || ',
		without: '',
		test: 'test/integration/actions/investigationPackage.test.mts',
		testName: 'a redirect of the host of packages is not followed',
	},
	{
		promise: 'What answers in place of the host of packages is no package',
		file: 'nodes/DefenderLiveResponse/results/storedFile.ts',
		guard:
			'if (source.link.isPackage && !isZip(sent.head)) throw notTheStoreError(connection, source.link);',
		without: '',
		test: 'test/integration/actions/investigationPackage.test.mts',
		testName: 'what answers in place of the package is no file',
	},
	{
		promise: 'An answer to a start with an action of another type is not taken for it',
		file: 'nodes/DefenderLiveResponse/runs/runDeviceAction.ts',
		guard: 'running.type === type && ',
		without: '',
		test: 'test/integration/actions/deviceActions.test.mts',
		testName: 'an answer with an action of another type is not taken for it',
	},
	{
		promise: 'What a device is busy with for something else is not taken for it',
		file: 'nodes/DefenderLiveResponse/runs/busyDevice.ts',
		guard: 'kind.joins?.(blocking) !== false',
		without: 'true',
		test: 'test/integration/actions/deviceActions.test.mts',
		testName: 'isolate: what is in progress for something else is not taken for it',
	},
	{
		promise: 'A value cannot change a filter',
		file: 'nodes/DefenderLiveResponse/transport/odata.ts',
		guard: ".replace(/'/g, \"''\")",
		without: '',
		test: 'test/integration/actions/machineAction.test.mts',
		testName: 'Get Many requestor with a quote',
	},
	{
		promise: 'An id in what a trigger has stored cannot change a query',
		file: 'nodes/DefenderLiveResponse/trigger/storedMemory.ts',
		guard: 'isGuid(id) && ',
		without: '',
		test: 'test/integration/trigger.test.mts',
		testName: 'what is stored with an id that is part of a query',
	},
	{
		promise: 'Encoded arguments are one word',
		file: 'nodes/DefenderLiveResponse/inputs/script.ts',
		guard: "return Buffer.from(args).toString('base64');",
		without: 'return args;',
		test: 'test/integration/actions/scriptText.test.mts',
		testName: 'Encode Arguments passes any text as one word',
	},
	{
		promise: 'A text that is only an expression is no script',
		file: 'nodes/DefenderLiveResponse/inputs/script.ts',
		guard: "(text.startsWith('{{') && text.endsWith('}}'))",
		without: 'false',
		test: 'test/integration/actions/scriptText.test.mts',
		testName: 'a text that an item, without the equals sign would write',
	},
	{
		promise: 'The node overwrites no file when it keeps a text',
		file: 'nodes/DefenderLiveResponse/api/scriptLibrary.ts',
		guard: 'overwrite: false,',
		without: 'overwrite: true,',
		test: 'test/integration/actions/scriptText.test.mts',
		testName: 'a text does not replace what somebody has put under its name since the list',
	},
	{
		promise: 'A library script with a hash runs only with that content',
		file: 'nodes/DefenderLiveResponse/api/scriptLibrary.ts',
		guard: 'if (file.sha256?.toLowerCase() === wanted) return;',
		without: 'if (file.fileName !== undefined) return;',
		test: 'test/integration/actions/scriptText.test.mts',
		testName: 'Script SHA-256 stops one that has been changed, before it is started',
	},
	{
		promise: 'A campaign without a filter is about no device',
		file: 'nodes/DefenderLiveResponse/campaigns/campaignDevices.ts',
		guard: 'if (isEmpty && address === null) {',
		without: 'if (false) {',
		test: 'test/integration/actions/campaign.test.mts',
		testName: 'what does not fit the campaign is rejected before anything is started no filter',
	},
	{
		promise: 'An agent changes no device',
		file: 'nodes/DefenderLiveResponse/actions/operations.ts',
		guard: 'if (isKept && answersModel(functions)) throw keptFromAgentsError(functions);',
		without: '',
		test: 'test/integration/actions/deviceActions.test.mts',
		testName: 'isolate is nothing that agent 2.2 can do',
	},
	{
		promise: 'An agent runs no text as a script',
		file: 'nodes/DefenderLiveResponse/actions/liveResponse/scriptToRun.ts',
		guard: "script.source === 'library' || !answersModel(context.functions)",
		without: 'script.fileName !== null',
		test: 'test/unit/actions/scriptToRun.test.mts',
		testName: 'a text does not run for a tool of an agent up to 2.2',
	},
	{
		promise: 'No other node may use the credential of a signed-in user',
		file: 'credentials/DefenderLiveResponseOAuth2Api.credentials.ts',
		guard: 'restrictToSupportedNodes = true as const;',
		without: 'restrictToSupportedNodes = false;',
		test: 'test/unit/credentials/defenderLiveResponseOAuth2Api.test.mts',
		testName: 'the form belongs to the nodes of this package alone',
	},
];

/** The word of SECURITY.md for what is done to see the test fail. */
const kindOf = (guard: Guard): string => ('guard' in guard ? 'guard out' : 'fault in');

const mutationOf = (guard: Guard): Mutation => ({
	name: guard.promise,
	changes: [
		'guard' in guard
			? { file: guard.file, from: guard.guard, to: guard.without }
			: { file: guard.file, from: guard.code, to: guard.withFault },
	],
	test: guard.test,
	testNames: new RegExp(`^${literally(guard.testName)}`),
});

/** The mutations, held against the table of SECURITY.md: promise, test, and which of the two kinds. */
export function guardMutations(): MutationList {
	const rows = readFileSync(join(root, 'SECURITY.md'), 'utf8')
		.split('\n')
		.map((line) => line.split('|').map((cell) => cell.trim()));
	const isInSecurity = (guard: Guard) =>
		rows.some(
			([, , promise, test = '', kind]) =>
				promise === guard.promise &&
				test === `\`${guard.test}\`: ${guard.testName}` &&
				kind === kindOf(guard),
		);
	return {
		mutations: guards.map(mutationOf),
		objectionTo: ({ name }) => {
			const guard = guards.find(({ promise }) => promise === name);
			return guard !== undefined && isInSecurity(guard)
				? null
				: 'SECURITY.md does not name promise, test and kind';
		},
	};
}
