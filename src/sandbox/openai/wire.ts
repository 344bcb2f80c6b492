import { z } from 'zod';

/*
 * Chat completions on the wire, as OpenAI takes and refuses them: what a client gets wrong is answered 400 with the error
 * body that the real service sends.
 */

const call = z.object({
  id: z.string(),
  type: z.literal('function'),
  function: z.object({ name: z.string(), arguments: z.string() }),
});

export const message = z.discriminatedUnion('role', [
  z.object({ role: z.literal(['system', 'developer', 'user']), content: z.string() }),
  z.object({
    role: z.literal('assistant'),
    content: z.string().nullish(),
    tool_calls: z.array(call).min(1).optional(),
  }),
  z.object({ role: z.literal('tool'), tool_call_id: z.string(), content: z.string() }),
]);

const strictSchema = z
  .object({
    type: z.literal('object'),
    properties: z.record(z.string(), z.unknown()),
    required: z.array(z.string()),
    additionalProperties: z.literal(false),
  })
  .refine(({ properties, required }) => Object.keys(properties).every((name) => required.includes(name)), {
    message: "'required' is required to be supplied and to be an array including every key in properties",
  });

const name = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);

export const requestSchema = z.object({
  model: z.string().min(1),
  messages: z.array(message).min(1),
  tools: z
    .array(
      z.object({
        type: z.literal('function'),
        function: z.object({
          name,
          description: z.string().optional(),
          strict: z.literal(true),
          parameters: strictSchema,
        }),
      }),
    )
    .min(1)
    .optional(),
  response_format: z
    .object({
      type: z.literal('json_schema'),
      json_schema: z.object({ name, strict: z.literal(true), schema: strictSchema }),
    })
    .optional(),
  max_completion_tokens: z.int().min(1).optional(),
  temperature: z.number().min(0).max(2).optional(),
  store: z.boolean().optional(),
});

export type CompletionRequest = z.output<typeof requestSchema>;

/** What is wrong with the order of the messages; undefined when nothing: each call of a tool is answered at once. */
export function orderProblem({ messages }: CompletionRequest): string | undefined {
  for (const [at, each] of messages.entries()) {
    if (each.role === 'tool' && !answers(messages, at)) {
      return "messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.";
    }
    if (each.role !== 'assistant' || !each.tool_calls) continue;
    const open = each.tool_calls.map(({ id }) => id);
    for (const next of messages.slice(at + 1)) {
      if (next.role !== 'tool') break;
      open.splice(open.indexOf(next.tool_call_id), 1);
    }
    if (open.length > 0) {
      return `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${open.join(', ')}`;
    }
  }
  return undefined;
}

function answers(messages: CompletionRequest['messages'], at: number): boolean {
  const asked = messages.slice(0, at).findLast((each) => each.role !== 'tool');
  const answer = messages[at];
  return (
    asked?.role === 'assistant' &&
    answer?.role === 'tool' &&
    (asked.tool_calls ?? []).some(({ id }) => id === answer.tool_call_id)
  );
}
