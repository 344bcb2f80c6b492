import type {
  ChatCompletion,
  ChatCompletionCreateParamsNonStreaming,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions';
import type { ChatAnswer, ChatMessage, ChatRequest } from '../../agent/index.ts';
import { KnownError } from '../../lib/errors.ts';
import { costOf } from './prices.ts';

/** Our request in the vendor's words (chat completions with strict tools and a strict JSON answer). */
export function toParams(model: string, request: ChatRequest): ChatCompletionCreateParamsNonStreaming {
  const { messages, tools, output, settings } = request;
  return {
    model,
    messages: messages.map(toMessage),
    max_completion_tokens: settings.maxTokens,
    ...(settings.temperature !== undefined && takesTemperature(model) && { temperature: settings.temperature }),
    response_format: {
      type: 'json_schema',
      json_schema: { name: output.name, strict: true, schema: output.schema as Record<string, unknown> },
    },
    ...(tools.length > 0 && {
      tools: tools.map(({ name, description, parameters }) => ({
        type: 'function' as const,
        function: { name, description, strict: true, parameters: parameters as Record<string, unknown> },
      })),
    }),
    store: false,
  };
}

/** Reasoning models refuse a temperature of their own. */
const takesTemperature = (model: string) => !/^(?:gpt-5|o\d)/.test(model);

function toMessage(message: ChatMessage): ChatCompletionMessageParam {
  if (message.role === 'tool') return { role: 'tool', tool_call_id: message.callId, content: message.content };
  if ('calls' in message) {
    return {
      role: 'assistant',
      content: message.content,
      tool_calls: message.calls.map(({ id, name, arguments: given }) => ({
        id,
        type: 'function' as const,
        function: { name, arguments: given },
      })),
    };
  }
  return { role: message.role, content: message.content };
}

/** The vendor's answer in our words. Throws `unavailable` for one that is no answer: refused, filtered or cut off. */
export function fromCompletion(model: string, completion: ChatCompletion): ChatAnswer {
  const [choice] = completion.choices;
  const message = choice?.message;
  if (!choice || !message || message.refusal || choice.finish_reason === 'content_filter') throw noAnswer('refused');
  if (choice.finish_reason === 'length') throw noAnswer('cut off');
  const tokensIn = completion.usage?.prompt_tokens ?? 0;
  const tokensOut = completion.usage?.completion_tokens ?? 0;
  return {
    content: message.content,
    calls: (message.tool_calls ?? []).flatMap((call) =>
      call.type === 'function' ? [{ id: call.id, name: call.function.name, arguments: call.function.arguments }] : [],
    ),
    usage: { tokensIn, tokensOut, cost: costOf(model, tokensIn, tokensOut) },
  };
}

const noAnswer = (why: string) =>
  new KnownError('unavailable', `the model's answer was ${why}`, 'The language model gave no usable answer.');
