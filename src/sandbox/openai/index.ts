import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CompletionRequest, orderProblem, requestSchema } from './wire.ts';

export type { CompletionRequest } from './wire.ts';

/** What a stand-in model does with one request; `round` counts how often it has asked for tools in this turn. */
export type Brain = (request: CompletionRequest, round: number) => Reaction | Promise<Reaction>;

export type Reaction =
  | { say: string }
  /** The message's content as it is, JSON or not. */
  | { raw: string | null; finish?: 'stop' | 'length' | 'content_filter'; refusal?: string }
  | { call: readonly { name: string; arguments: unknown }[] }
  | { status: number; code?: string; retryAfter?: number }
  /** Never answers. */
  | { hang: true };

export interface OpenAiStandIn {
  /** Starts to listen; the address goes into `OPENAI_BASE_URL`. */
  start(port?: number): Promise<{ baseUrl: string }>;
  /** Who thinks from now on. */
  think(brain: Brain): void;
  /** Every request that was understood, oldest first. */
  readonly requests: readonly CompletionRequest[];
  stop(): Promise<void>;
}

/**
 * A server that speaks OpenAI's chat completions with tools, driven by a script. Strict: what the real service refuses is
 * refused. It believes everything it is told.
 */
export function createOpenAiStandIn(options: { apiKey: string }): OpenAiStandIn {
  const requests: CompletionRequest[] = [];
  let brain: Brain = () => ({ say: '' });
  let serial = 0;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += chunk;
    const refuse = (status: number, message: string, code: string | null = null, more: Record<string, string> = {}) =>
      send(response, status, { error: { message, type: 'invalid_request_error', param: null, code } }, more);
    if (request.headers.authorization !== `Bearer ${options.apiKey}`) {
      return refuse(401, 'Incorrect API key provided.', 'invalid_api_key');
    }
    if (request.method !== 'POST' || request.url !== '/v1/chat/completions') {
      return refuse(404, `Unknown request URL: ${request.method} ${request.url}.`, 'unknown_url');
    }
    const parsed = requestSchema.safeParse(json(body));
    if (!parsed.success) return refuse(400, parsed.error.issues[0]?.message ?? 'bad request');
    const problem = orderProblem(parsed.data);
    if (problem) return refuse(400, problem);
    requests.push(parsed.data);

    const rounds = parsed.data.messages.filter((each) => each.role === 'assistant' && each.tool_calls).length;
    const reaction = await brain(parsed.data, rounds);
    if ('hang' in reaction) return;
    if ('status' in reaction) {
      const after = reaction.retryAfter === undefined ? {} : { 'retry-after': String(reaction.retryAfter) };
      return refuse(reaction.status, 'scripted', reaction.code ?? null, after);
    }
    send(response, 200, completion(parsed.data, reaction, ++serial));
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });

  return {
    requests,
    think(next) {
      brain = next;
    },
    async start(port = 0) {
      await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
      return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1` };
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function completion(
  request: CompletionRequest,
  reaction: Extract<Reaction, { say: string } | { raw: unknown } | { call: unknown }>,
  serial: number,
) {
  const calls =
    'call' in reaction
      ? reaction.call.map(({ name, arguments: given }, at) => ({
          id: `call_${serial}_${at}`,
          type: 'function',
          function: { name, arguments: typeof given === 'string' ? given : JSON.stringify(given) },
        }))
      : undefined;
  const content = 'say' in reaction ? JSON.stringify({ reply: reaction.say }) : 'raw' in reaction ? reaction.raw : null;
  const finish = calls ? 'tool_calls' : 'raw' in reaction ? (reaction.finish ?? 'stop') : 'stop';
  const refusal = 'raw' in reaction ? (reaction.refusal ?? null) : null;
  const tokens = JSON.stringify(request.messages).length >> 2;
  const made = (content?.length ?? 0) >> 2;
  return {
    id: `chatcmpl-${serial}`,
    object: 'chat.completion',
    created: 1_700_000_000,
    model: request.model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content, refusal, ...(calls && { tool_calls: calls }) },
        finish_reason: finish,
        logprobs: null,
      },
    ],
    usage: { prompt_tokens: tokens, completion_tokens: made, total_tokens: tokens + made },
  };
}

function send(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': 'req_stand_in', ...headers });
  response.end(JSON.stringify(body));
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
