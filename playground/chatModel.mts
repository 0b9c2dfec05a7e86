import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** A message of a chat, as OpenAI's API has it. */
export interface ChatMessage {
	readonly role: 'system' | 'user' | 'assistant' | 'tool';
	readonly content: string | null;
}

/** A tool that the model is offered. */
export interface OfferedTool {
	readonly name: string;
	readonly description: string;
	/** JSON schema of the arguments. */
	readonly parameters: { readonly properties: Record<string, { description?: string }> };
}

/** The wish to have a tool called. */
export interface ToolCall {
	readonly tool: string;
	readonly args: Record<string, unknown>;
}

/** What the model answers: words, or the wish to have one tool called, or several at once. */
export type ChatTurn = string | ToolCall | readonly ToolCall[];

export interface ChatRequest {
	readonly messages: ChatMessage[];
	readonly tools: OfferedTool[];
}

/** A language model on loopback that follows a script. */
export interface ChatModel {
	/** For n8n's OpenAI credential. */
	readonly baseUrl: string;
	/** What it was asked, in order. */
	readonly requests: ChatRequest[];
	stop(): Promise<void>;
}

/**
 * Speaks the part of OpenAI's chat completions that n8n's OpenAI Chat Model uses. `answer` is the
 * model: it gets the whole chat each time, as a model does.
 */
export async function startChatModel(
	answer: (request: ChatRequest) => ChatTurn,
): Promise<ChatModel> {
	const requests: ChatRequest[] = [];
	const server = createServer((incoming, response) => {
		void (async () => {
			const chunks: Buffer[] = [];
			for await (const chunk of incoming) chunks.push(chunk as Buffer);
			const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as {
				model: string;
				messages: ChatMessage[];
				tools?: Array<{ function: OfferedTool }>;
			};
			const request = {
				messages: body.messages,
				tools: (body.tools ?? []).map((tool) => tool.function),
			};
			requests.push(request);
			response.writeHead(200, { 'content-type': 'application/json' });
			response.end(JSON.stringify(completion(body.model, answer(request), requests.length)));
		})();
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	return {
		baseUrl: `http://127.0.0.1:${port}/v1`,
		requests,
		stop: async () => {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}

function completion(model: string, turn: ChatTurn, number: number) {
	const isText = typeof turn === 'string';
	const message = isText
		? { role: 'assistant', content: turn }
		: {
				role: 'assistant',
				content: null,
				tool_calls: [turn].flat().map(({ tool, args }, at) => ({
					id: `call_${number}_${at}`,
					type: 'function',
					function: { name: tool, arguments: JSON.stringify(args) },
				})),
			};
	return {
		id: `chat-${number}`,
		object: 'chat.completion',
		created: Math.floor(Date.now() / 1000),
		model,
		choices: [{ index: 0, message, finish_reason: isText ? 'stop' : 'tool_calls' }],
		usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
	};
}
