import { setTimeout as pause } from 'node:timers/promises';
import type { OpenAI } from 'openai';
import type { ChatModel } from '../../agent/index.ts';
import { fromCompletion, toParams } from './shapes.ts';

export interface OpenAiOptions {
  apiKey: string;
  /** With its version, for example `https://api.openai.com/v1`. */
  baseUrl?: string | undefined;
  model?: string | undefined;
}

export const DEFAULT_MODEL = 'gpt-4.1-mini';

/** One request takes at most this long, and is made once more at most; the caller's signal bounds them together. */
const REQUEST_MS = 12_000;
const RETRIES = 1;
const LONGEST_PAUSE_MS = 3000;

/** OpenAI, or whatever speaks its chat completions. The SDK is loaded with the first turn. */
export function createOpenAi(options: OpenAiOptions): ChatModel {
  const model = options.model ?? DEFAULT_MODEL;
  let client: Promise<OpenAI> | undefined;
  const connect = () => {
    client ??= import('openai').then(
      ({ OpenAI: Client }) =>
        new Client({
          apiKey: options.apiKey,
          timeout: REQUEST_MS,
          // its own retries wait as long as the server says, and repeat what is hopeless
          maxRetries: 0,
          logLevel: 'off',
          ...(options.baseUrl && { baseURL: options.baseUrl }),
        }),
    );
    return client;
  };
  return {
    name: model,
    async complete(request, signal) {
      const openai = await connect();
      for (let attempt = 0; ; attempt++) {
        try {
          const completion = await openai.chat.completions.create(toParams(model, request), { signal });
          return fromCompletion(model, completion);
        } catch (error) {
          const wait = attempt < RETRIES && !signal.aborted ? retryAfter(error) : undefined;
          if (wait === undefined) throw error;
          await pause(wait, undefined, { signal });
        }
      }
    },
    async close() {},
  };
}

/** Milliseconds until a second try may help; undefined where it does not. */
function retryAfter(error: unknown): number | undefined {
  const { status, code, headers, name } = error as {
    status?: number;
    code?: string;
    headers?: Headers;
    name?: string;
  };
  // a 429 that says that the account is empty stays one
  if (code === 'insufficient_quota') return undefined;
  const again =
    status === undefined
      ? /Connection/.test(String((error as Error).constructor?.name ?? name))
      : status === 408 || status === 409 || status === 429 || status >= 500;
  if (!again) return undefined;
  const told = Number(headers?.get('retry-after-ms')) || Number(headers?.get('retry-after')) * 1000;
  return Math.min(LONGEST_PAUSE_MS, told > 0 ? told : 300);
}
